"""The table of all routes of API v1."""

from gateway.files import File
from gateway.files.transfer import Upload
from handoff.api import account, conversations, desk, files
from handoff.api.asks import (
    After,
    Ask,
    AuditPage,
    Close,
    Cursor,
    Filter,
    Named,
    NewNote,
    NewPassword,
    NewReply,
    NewStatus,
    NewToken,
    Read,
    SignIn,
    Transfer,
)
from handoff.api.route import ANYONE, PUBLIC, STAFF, SUPERVISOR, Route
from handoff.api.shapes import (
    Agents,
    AttachmentShape,
    Audit,
    Conversations,
    ConversationShape,
    DeskShape,
    Export,
    MadeToken,
    Messages,
    MessageShape,
    OneAgent,
    SignedIn,
    Suggestions,
    Tokens,
)

_ONE = "/conversations/{id}"

TABLE = (
    Route("POST", "/session", PUBLIC, account.sign_in, SignedIn, SignIn),
    Route("DELETE", "/session", ANYONE, account.sign_out, console=True),
    Route("GET", "/me", ANYONE, account.me, SignedIn),
    Route("PUT", "/me/password", ANYONE, account.change_password, None, NewPassword, console=True),
    Route("PUT", "/me/status", STAFF, account.change_status, OneAgent, NewStatus),
    Route("GET", "/tokens", ANYONE, account.tokens, Tokens),
    Route("POST", "/tokens", ANYONE, account.make_token, MadeToken, NewToken, console=True),
    Route("DELETE", "/tokens/{id}", ANYONE, account.drop_token),
    Route("GET", "/agents", ANYONE, desk.people, Agents),
    Route("GET", "/desk", ANYONE, desk.rules, DeskShape),
    Route("GET", "/conversations", STAFF, conversations.index, Conversations, query=Filter),
    Route("GET", _ONE, STAFF, conversations.show, ConversationShape),
    Route("GET", _ONE + "/messages", STAFF, conversations.messages, Messages, query=After),
    Route("GET", _ONE + "/suggestions", STAFF, conversations.suggestions, Suggestions, query=Ask),
    Route("POST", _ONE + "/claim", STAFF, conversations.claim, ConversationShape),
    Route("POST", _ONE + "/messages", STAFF, conversations.reply, MessageShape, NewReply),
    Route("POST", _ONE + "/files", STAFF, files.attach, AttachmentShape, Upload, Named),
    Route("POST", _ONE + "/notes", STAFF, conversations.note, MessageShape, NewNote),
    Route("POST", _ONE + "/transfer", STAFF, conversations.transfer, ConversationShape, Transfer),
    Route("POST", _ONE + "/return", STAFF, conversations.give_back, ConversationShape),
    Route("POST", _ONE + "/close", STAFF, conversations.close, ConversationShape, Close),
    Route("POST", _ONE + "/typing", STAFF, conversations.typing),
    Route("POST", _ONE + "/deliveries/{reply}/resend", STAFF, conversations.resend, MessageShape),
    Route("PUT", _ONE + "/read", STAFF, conversations.read, None, Read),
    Route("GET", "/files/{id}", STAFF, files.fetch, File),
    Route("GET", "/audit", SUPERVISOR, desk.trail, Audit, query=AuditPage),
    Route("GET", "/contacts/{id}/export", SUPERVISOR, desk.export, Export),
    Route("DELETE", "/contacts/{id}", SUPERVISOR, desk.forget),
    Route("GET", "/live", STAFF, None, query=Cursor),
)
