"""Routes about the desk as a whole: its people, its rules, its records."""

from gateway.clock import isoformat
from handoff import agents, audit
from handoff.api.asks import AuditPage
from handoff.api.office import Office
from handoff.api.route import Call, Nothing
from handoff.api.shapes import (
    Agents,
    Audit,
    AuditEntry,
    CannedShape,
    DeskShape,
    Export,
    FaqState,
    Limits,
    OutcomeShape,
    TeamShape,
    agent_shape,
)

Plain = Call[Nothing, Nothing]
NEWEST = "g"  # above every id


async def people(office: Office, _: Plain) -> Agents:
    """Everybody who works here."""
    now = office.clock()
    everybody = await agents.everybody(office.database)
    return Agents(items=[agent_shape(one, now) for one in everybody])


async def rules(office: Office, _: Plain) -> DeskShape:
    """Teams, limits, hours, outcomes, canned replies, channels, and how the FAQ is."""
    settings = office.settings
    return DeskShape(
        teams=[TeamShape(id=one.id, name=one.zh, zh=one.zh, en=one.en) for one in settings.teams],
        limits=Limits(greet=settings.greet, reply=settings.reply),
        open=settings.hours.is_open(office.clock()),
        outcomes=[OutcomeShape(id=one.id, zh=one.zh, en=one.en) for one in settings.outcomes],
        canned=[CannedShape(key=one.key, text=one.text) for one in settings.canned],
        channels=list(settings.channels),
        largest_file=office.files.largest,
        faq=FaqState.model_validate(dict(office.faq()), strict=False) if office.faq else None,
    )


async def trail(office: Office, call: Call[AuditPage, Nothing]) -> Audit:
    """Who did what, the newest first."""
    limit = call.query.limit
    found = await audit.entries(office.database, call.query.cursor or NEWEST, limit + 1)
    items = [
        AuditEntry(
            id=one.id,
            at=isoformat(one.at),
            actor=one.actor,
            action=one.action,
            subject=one.subject,
            address=one.address,
            detail=one.detail,
        )
        for one in found[:limit]
    ]
    return Audit(items=items, cursor=items[-1].id if len(found) > limit else None)


async def export(office: Office, call: Plain) -> Export:
    """Everything that is stored about one person."""
    return await office.records.export(call.agent, call.id)


async def forget(office: Office, call: Plain) -> None:
    """Delete one person's data."""
    await office.records.forget(call.agent, call.id)
