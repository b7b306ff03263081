"""Makes keys; or, when told a log and a text, signs with them on four threads, and verifies in the HSM and in software,
until the HA log has that text; then a little more."""

import hashlib
import pathlib
import sys
import threading
import time

import PyKCS11 as P

module, pin, *more = sys.argv[1:]
library = P.PyKCS11Lib()
library.load(module)
slot = library.getSlotList(tokenPresent=True)[0]
assert library.getTokenInfo(slot).label.strip() == "haGroup1"

session = library.openSession(slot, P.CKF_SERIAL_SESSION | P.CKF_RW_SESSION)
try:
    session.login("no" + pin)
    sys.exit("a wrong PIN passes")
except P.PyKCS11Error as error:
    assert error.value == P.CKR_PIN_INCORRECT, error
session.login(pin)

PKCS1 = P.Mechanism(P.CKM_SHA256_RSA_PKCS, None)
ECDSA = P.Mechanism(P.CKM_ECDSA, None)
P256 = (0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07)


def make_pair(label, mechanism, kind, *public):
    session.generateKeyPair(
        [(P.CKA_CLASS, P.CKO_PUBLIC_KEY), (P.CKA_KEY_TYPE, kind), (P.CKA_TOKEN, True), (P.CKA_VERIFY, True),
         (P.CKA_LABEL, label), *public],
        [(P.CKA_CLASS, P.CKO_PRIVATE_KEY), (P.CKA_KEY_TYPE, kind), (P.CKA_TOKEN, True), (P.CKA_SIGN, True),
         (P.CKA_PRIVATE, True), (P.CKA_SENSITIVE, True), (P.CKA_LABEL, label)],
        mecha=P.Mechanism(mechanism, None))


def find(kind, label):
    found = session.findObjects([(P.CKA_CLASS, kind), (P.CKA_LABEL, label)])
    assert len(found) == 1, f"{len(found)} objects {label}"
    return found[0]


if not more:
    make_pair("rsa", P.CKM_RSA_PKCS_KEY_PAIR_GEN, P.CKK_RSA, (P.CKA_MODULUS_BITS, 2048), (P.CKA_PUBLIC_EXPONENT, (1, 0, 1)))
    make_pair("ec", P.CKM_EC_KEY_PAIR_GEN, P.CKK_EC, (P.CKA_EC_PARAMS, P256))
    session.generateKey([(P.CKA_CLASS, P.CKO_SECRET_KEY), (P.CKA_KEY_TYPE, P.CKK_AES), (P.CKA_VALUE_LEN, 32),
                         (P.CKA_ENCRYPT, True), (P.CKA_DECRYPT, True), (P.CKA_TOKEN, True), (P.CKA_LABEL, "aes")],
                        mecha=P.Mechanism(P.CKM_AES_KEY_GEN, None))
    session.logout()
    session.closeSession()
    sys.exit()

rsa_public, rsa = find(P.CKO_PUBLIC_KEY, "rsa"), find(P.CKO_PRIVATE_KEY, "rsa")
ec_public, ec = find(P.CKO_PUBLIC_KEY, "ec"), find(P.CKO_PRIVATE_KEY, "ec")
aes = find(P.CKO_SECRET_KEY, "aes")
modulus, exponent = session.getAttributeValue(rsa_public, [P.CKA_MODULUS, P.CKA_PUBLIC_EXPONENT])
modulus, exponent = (int.from_bytes(bytes(value), "big") for value in (modulus, exponent))


def holds_in_software(text, signature):
    """RSA with PKCS#1 padding, with nothing but numbers."""
    digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(text).digest()
    padded = pow(int.from_bytes(bytes(signature), "big"), exponent, modulus).to_bytes(256, "big")
    return padded == b"\x00\x01" + b"\xff" * (253 - len(digest)) + b"\x00" + digest


over = threading.Event()
troubles = []
counts = [0] * 4


def work(number):
    try:
        mine = library.openSession(slot, P.CKF_SERIAL_SESSION | P.CKF_RW_SESSION)
        while not over.is_set():
            text = f"thread {number}, text {counts[number]}".encode()
            signature = mine.sign(rsa, text, PKCS1)
            assert holds_in_software(text, signature), "a signature is wrong"
            assert not holds_in_software(text + b"!", signature), "a wrong signature passes"
            assert mine.verify(rsa_public, text, signature, PKCS1), "the HSM denies a signature"
            assert mine.verify(ec_public, text[:32], mine.sign(ec, text[:32], ECDSA), ECDSA), "ECDSA"
            cbc = P.Mechanism(P.CKM_AES_CBC_PAD, bytes(range(16)))
            assert bytes(mine.decrypt(aes, mine.encrypt(aes, text, cbc), cbc)) == text, "AES"
            counts[number] += 1
        mine.closeSession()
    except BaseException as error:  # whatever it is, the test has failed
        troubles.append(f"thread {number} after {counts[number]}: {error!r}")
        over.set()


def wait_for(what, condition):
    end = time.monotonic() + 40
    while not condition() and not over.is_set():
        if time.monotonic() > end:
            troubles.append("waited in vain for " + what)
            over.set()
        over.wait(0.05)


threads = [threading.Thread(target=work, args=(number,)) for number in range(len(counts))]
for thread in threads:
    thread.start()
log, awaited = pathlib.Path(more[0]), more[1]
wait_for("the end of the outage", lambda: log.exists() and awaited in log.read_text())
before = list(counts)
wait_for("more signatures of every thread", lambda: all(now >= then + 5 for now, then in zip(counts, before)))
over.set()
for thread in threads:
    thread.join()
session.logout()
session.closeSession()
if troubles:
    sys.exit("\n".join(troubles))
print(sum(counts), "signatures hold")
