"""Signs with a P-256 key of the HA group for SECONDS, and says how many signatures there are and what was the longest stall.
Fails when a single one is lost or wrong.

usage: hasim exec --conf Chrystoki.conf --scenario outage.hasim -- python3 sign.py [SECONDS]
run.sh is that with an outage. The library is PyKCS11, Debian's package python3-pykcs11.
"""

import hashlib
import os
import sys
import time

import PyKCS11 as P

ECDSA = P.Mechanism(P.CKM_ECDSA, None)
P256 = bytes.fromhex("06082a8648ce3d030107")  # the curve's object identifier, in DER


def open_group():
    """A session on the HA group, logged in; groups are the last slots."""
    library = P.PyKCS11Lib()
    library.load(os.environ["HASIM_PKCS11_MODULE"])  # of a real client: libCryptoki2_64.so
    session = library.openSession(library.getSlotList(tokenPresent=True)[-1], P.CKF_SERIAL_SESSION | P.CKF_RW_SESSION)
    session.login("userpin")
    return session


def make_key(session):
    """A pair of keys that the group has on every member."""
    both = [(P.CKA_KEY_TYPE, P.CKK_EC), (P.CKA_TOKEN, True), (P.CKA_LABEL, "example")]
    return session.generateKeyPair(
        [(P.CKA_CLASS, P.CKO_PUBLIC_KEY), (P.CKA_EC_PARAMS, P256), (P.CKA_VERIFY, True), *both],
        [(P.CKA_CLASS, P.CKO_PRIVATE_KEY), (P.CKA_SIGN, True), (P.CKA_SENSITIVE, True), *both],
        mecha=P.Mechanism(P.CKM_EC_KEY_PAIR_GEN, None))


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8
    session = open_group()
    public, private = make_key(session)

    signed, troubles, longest = 0, [], 0.0
    end = time.monotonic() + seconds
    while (begin := time.monotonic()) < end:
        digest = hashlib.sha256(f"text {signed}".encode()).digest()
        try:
            signature = session.sign(private, digest, ECDSA)
            longest = max(longest, time.monotonic() - begin)
            signed += 1
            if not session.verify(public, digest, signature, ECDSA):
                troubles.append(f"signature {signed} is wrong")
        except P.PyKCS11Error as error:
            troubles.append(f"after {signed} signatures: {error}")
        time.sleep(0.01)

    print(f"{signed} signatures, {len(troubles)} troubles; longest stall {longest:.2f} s")
    if troubles or not signed:
        sys.exit(f"the first trouble: {troubles[0] if troubles else 'nothing was signed at all'}")


main()
