// Leaks that are not hasim's: SoftHSM2 2.6.1, which these tests load into their own process, forgets signatures that it
// could not read (ASN.1 strings of libcrypto).
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions()
{
    return "leak:CRYPTO_zalloc\nleak:ASN1_STRING_set\n";
}
