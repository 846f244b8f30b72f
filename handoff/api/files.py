"""Routes about files: agents see those of the chats that they see, and add to what they lead."""

from collections.abc import Sequence

from gateway.errors import NotFound
from gateway.files import File
from gateway.files.transfer import Upload
from gateway.message import Attachment
from handoff.agents import Agent
from handoff.api.asks import Named
from handoff.api.office import Office
from handoff.api.route import Call, Nothing
from handoff.api.shapes import AttachmentShape, attachment_shape


async def fetch(office: Office, call: Call[Nothing, Nothing]) -> File:
    """A file of a conversation that one may see, or of the FAQ."""
    file = await office.files.find(call.id)
    if file.contact and not await _sees(office, call.agent, file.contact):
        raise NotFound("no such file", file=file.id)
    return file


async def attach(office: Office, call: Call[Named, Upload]) -> AttachmentShape:
    """Keep a file that a reply is going to name: the body is a form with it, or its bytes alone."""
    state = await office.desk.led(call.agent, call.id)
    kept = await office.files.attach(state.contact, call.body.claim, call.body.data)
    return attachment_shape(kept)


async def attachments(office: Office, contact: str, ids: Sequence[str]) -> list[Attachment]:
    """The files that a reply names. Raises NotFound for one of another contact's chat."""
    found = [await office.files.find(id_) for id_ in ids]
    for file in found:
        if file.contact != contact:
            raise NotFound("no such file", file=file.id)
    return [file.attachment for file in found]


async def _sees(office: Office, agent: Agent, contact: str) -> bool:
    sight, values = agent.sight()
    return None is not await office.database.row(
        f"SELECT 1 FROM conversations c WHERE c.contact = ? AND {sight} LIMIT 1", contact, *values
    )
