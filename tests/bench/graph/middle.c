/* middle.c - a static function of 4 to 5 MB: libcrypto by way of EVP. */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    const char *text = argv[argc - 1];
    EVP_Digest(text, strlen(text), out, &size, EVP_sha256(), NULL);
    HMAC(EVP_sha256(), "key", 3, (const unsigned char *)text, strlen(text), out, &size);
    return printf("%u %02x\n", size, out[0]) < 0;
}
