"""The desk: people who take over from the bot, their queue, their rules, and their console."""
