import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an application's HA client must do, and must not do, when a member of its group fails. */
@ExtendWith(HasimExtension.class)
class OutageTest {
    private static final String SECOND = "1234924189183"; // the member on hsm2
    private static final String SECOND_LABEL = "member=\"" + SECOND + "\"";

    @Test
    void aMemberDropsAndRecovers(Hasim hasim) throws Exception {
        hasim.perform("hsm2 cable out");
        hasim.waitFor("DROPMEMBER member " + SECOND);
        assertEquals(0, hasim.metric("hasim_member_up", SECOND_LABEL), "the member still serves");

        hasim.perform("hsm2 cable in");
        hasim.waitFor("RECOVERED member " + SECOND);
        assertEquals(1, hasim.metric("hasim_member_up", SECOND_LABEL), "the member does not serve");

        assertTrue(hasim.metric("hasim_calls_retried_total") > 0, "no call met the outage");
        assertEquals(0, hasim.metric("hasim_calls_total", "result=\"failed\""), "the other member should have served");
    }

    @Test
    void aShortSilenceDropsNobody(Hasim hasim) throws Exception {
        hasim.perform("hsm2 cable out for 2s");
        // 3 s are 30 s of simulated time, longer than ReceiveTimeout.
        assertFalse(hasim.writes("DROPMEMBER", Duration.ofSeconds(3)));
        assertTrue(hasim.longestCall() > 1, "no call met the silence");
        assertEquals(0, hasim.metric("hasim_calls_total", "result=\"failed\""));
    }

    @Test
    void nothingIsWrittenWhileNothingBreaks(Hasim hasim) {
        AssertionError failure =
                assertThrows(AssertionError.class, () -> hasim.waitFor("DROPMEMBER", Duration.ofSeconds(1)));
        assertTrue(failure.getMessage().startsWith("no line 'DROPMEMBER' within 1000 ms"), failure.getMessage());
    }

    @Test
    void whatCannotBeDoneIsRefused(Hasim hasim) {
        Exception refusal = assertThrows(IllegalArgumentException.class, () -> hasim.perform("hsm2 cabel out"));
        assertTrue(refusal.getMessage().contains("did you mean 'cable out'"), refusal.getMessage());
    }
}
