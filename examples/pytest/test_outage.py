"""What an application's HA client must do, and must not do, when a member of its group fails."""

import subprocess

import pytest

from conftest import PROGRAM

FIRST = "1234840370164"  # the member on hsm1
SECOND = "1234924189183"  # the member on hsm2


def test_a_member_drops_and_recovers(hasim):
    hasim.do("hsm2 cable out")
    hasim.wait_for(f"DROPMEMBER member {SECOND}")
    assert hasim.member(SECOND)["state"] == "dropped"

    hasim.do("hsm2 cable in")
    hasim.wait_for(f"RECOVERED member {SECOND}")
    assert hasim.member(SECOND)["state"] == "active"

    calls = hasim.state()["calls"]
    assert calls["retried"] > 0, "no call met the outage"
    assert calls["lost"] == 0, "the other member should have served"


def test_a_short_silence_drops_nobody(hasim):
    hasim.do("hsm2 cable out for 2s")
    assert not hasim.writes("DROPMEMBER", seconds=3)  # 30 s of simulated time, longer than ReceiveTimeout
    calls = hasim.state()["calls"]
    assert calls["longest"] > 1, "no call met the silence"
    assert calls["lost"] == 0


def test_calls_fail_while_no_member_is_left(hasim):
    hasim.do("all ntls stop")
    hasim.wait_for(f"DROPMEMBER member {FIRST}")
    hasim.wait_for(f"DROPMEMBER member {SECOND}")
    assert not hasim.writes("RECOVERED", seconds=1)
    assert hasim.state()["calls"]["lost"] > 0


def test_nothing_is_written_while_nothing_breaks(hasim):
    with pytest.raises(AssertionError, match="no line 'DROPMEMBER' within 1 s"):
        hasim.wait_for("DROPMEMBER", seconds=1)
    assert hasim.log() == ""


def test_what_cannot_be_done_is_refused(hasim):
    with pytest.raises(ValueError, match="did you mean 'cable out'"):
        hasim.do("hsm2 cabel out")


def test_an_outage_can_be_played_again(hasim, tmp_path):
    hasim.do("hsm2 ntls stop")
    hasim.wait_for("DROPMEMBER")
    hasim.do("hsm2 ntls start")
    hasim.wait_for("RECOVERED")
    recorded = tmp_path / "outage.hasim"
    recorded.write_text(hasim.scenario())
    played = subprocess.run([PROGRAM, "test", recorded], capture_output=True, text=True, timeout=60)
    assert played.returncode == 0, played.stdout + played.stderr
