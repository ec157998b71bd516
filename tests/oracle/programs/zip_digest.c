/* libzip, cJSON and libcrypto: reads a file of a zip as JSON, and signs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zip.h>

static cJSON *read_json(const char *path, const char *name)
{
    static char text[65536];
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    zip_file_t *file = zip ? zip_fopen(zip, name, 0) : NULL;
    zip_int64_t size = file ? zip_fread(file, text, sizeof(text)) : -1;
    if (file)
        zip_fclose(file);
    if (zip)
        zip_close(zip);
    return size < 0 ? NULL : cJSON_ParseWithLength(text, (size_t)size);
}

int main(int argc, char **argv)
{
    unsigned char digest[EVP_MAX_MD_SIZE], mac[EVP_MAX_MD_SIZE];
    unsigned digest_size = 0, mac_size = 0;
    cJSON *value = argc > 2 ? read_json(argv[1], argv[2]) : cJSON_CreateObject();
    char *text = value ? cJSON_Print(value) : NULL;
    if (!text || !EVP_Digest(text, strlen(text), digest, &digest_size, EVP_sha256(), NULL) ||
        !HMAC(EVP_sha256(), "key", 3, digest, digest_size, mac, &mac_size))
        return 1;
    printf("%02x%02x %u %u\n", digest[0], mac[0], digest_size, mac_size);
    free(text);
    cJSON_Delete(value);
    return 0;
}
