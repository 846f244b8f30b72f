"""Figures for Prometheus: counted by channel, from one process, shared with nobody."""

from prometheus_client import CollectorRegistry

from gateway.metrics import Metrics


def test_what_happened_is_counted() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.accepted("website", 0.002)
    metrics.routed("website", "answer")
    metrics.sent("website", "sent", 0.004)
    metrics.conversations({"waiting": 3, "owed": 5})
    metrics.opened("/widget/website/socket")
    metrics.opened("/widget/website/socket")
    metrics.closed("/widget/website/socket")
    said = metrics.render().decode()
    for line in (
        'frontdesk_messages_accepted_total{channel="website"} 1.0',
        'frontdesk_accept_seconds_bucket{channel="website",le="0.0025"} 1.0',
        'frontdesk_messages_routed_total{channel="website",reason="answer"} 1.0',
        'frontdesk_replies_total{channel="website",fate="sent"} 1.0',
        'frontdesk_send_seconds_count{channel="website"} 1.0',
        'frontdesk_conversations{state="waiting"} 3.0',
        'frontdesk_sockets{path="/widget/website/socket"} 1.0',
    ):
        assert line in said.splitlines()


def test_two_processes_worth_of_figures_fit_into_one() -> None:
    one, other = Metrics(CollectorRegistry()), Metrics(CollectorRegistry())
    one.routed("website", "answer")
    assert b'reason="answer"' not in other.render()
