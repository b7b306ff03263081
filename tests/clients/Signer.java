import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Signs on eight threads with keys of the HSM, and verifies in software, until the HA log has a line; then a little more.
 *
 * <p>SunPKCS11 signs SHA256withRSA in parts (C_SignUpdate, C_SignFinal). What is under way in parts when its member is lost
 * is lost too; then the application begins anew. ECDSA is one C_Sign, which moves on by itself: there nothing may be lost.
 */
public class Signer {
    static volatile boolean over;
    static volatile Throwable trouble;
    static final AtomicInteger lost = new AtomicInteger();

    static byte[] sign(Provider provider, String algorithm, PrivateKey key, byte[] text) throws Exception {
        Signature signature = Signature.getInstance(algorithm, provider);
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }

    static boolean holds(String provider, String algorithm, PublicKey key, byte[] text, byte[] signed) throws Exception {
        Signature signature = Signature.getInstance(algorithm, provider);
        signature.initVerify(key);
        signature.update(text);
        return signature.verify(signed);
    }

    static void work(Provider provider, KeyStore keys, int number, AtomicInteger count) throws Exception {
        PrivateKey rsa = (PrivateKey) keys.getKey("signing", null);
        PrivateKey ec = (PrivateKey) keys.getKey("ec", null);
        PublicKey rsaPublic = keys.getCertificate("signing").getPublicKey();
        PublicKey ecPublic = keys.getCertificate("ec").getPublicKey();
        while (!over) {
            byte[] text = ("thread " + number + ", text " + count).getBytes();
            byte[] signed;
            try {
                signed = sign(provider, "SHA256withRSA", rsa, text);
            } catch (ProviderException problem) {
                if (!String.valueOf(problem.getMessage()).contains("CKR_DEVICE_ERROR")) {
                    throw problem;
                }
                lost.incrementAndGet();
                continue;
            }
            if (!holds("SunRsaSign", "SHA256withRSA", rsaPublic, text, signed)) {
                throw new IllegalStateException("a signature is wrong");
            }
            if (holds("SunRsaSign", "SHA256withRSA", rsaPublic, "another text".getBytes(), signed)) {
                throw new IllegalStateException("a wrong signature passes");
            }
            if (!holds("SunEC", "SHA256withECDSA", ecPublic, text, sign(provider, "SHA256withECDSA", ec, text))) {
                throw new IllegalStateException("an ECDSA signature is wrong");
            }
            count.incrementAndGet();
        }
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void waitFor(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!over && !condition.holds()) {
            if (System.nanoTime() > end) {
                over = true;
                trouble = new IllegalStateException("waited in vain for " + what);
            }
            Thread.sleep(50);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Provider provider = Security.getProvider("SunPKCS11").configure(arguments[0]);
        Security.addProvider(provider);
        KeyStore keys = KeyStore.getInstance("PKCS11", provider);
        keys.load(null, arguments[1].toCharArray());
        List<Thread> threads = new ArrayList<>();
        List<AtomicInteger> counts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            AtomicInteger count = new AtomicInteger();
            counts.add(count);
            threads.add(new Thread(() -> {
                try {
                    work(provider, keys, number, count);
                } catch (Throwable problem) {
                    trouble = problem;
                    over = true;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        Path log = Path.of(arguments[2]);
        waitFor("the end of the outage", () -> Files.exists(log) && Files.readString(log).contains(arguments[3]));
        int[] before = counts.stream().mapToInt(AtomicInteger::get).toArray();
        waitFor("more signatures of every thread", () -> {
            boolean all = true;
            for (int i = 0; i < before.length; i++) {
                all = all && counts.get(i).get() >= before[i] + 5;
            }
            return all;
        });
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        // Two members were lost, and a thread has one signature under way.
        if (trouble == null && lost.get() > 2 * threads.size()) {
            trouble = new IllegalStateException(lost + " signatures were lost");
        }
        if (trouble != null) {
            trouble.printStackTrace();
            System.exit(1);
        }
        System.out.println(counts.stream().mapToInt(AtomicInteger::get).sum() + " signatures hold, " + lost + " were lost");
    }
}
