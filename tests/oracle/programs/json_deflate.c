/* cJSON, zlib and xxHash: reads JSON, deflates what it prints, and hashes that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <xxhash.h>
#include <zlib.h>

int main(int argc, char **argv)
{
    cJSON *value = cJSON_Parse(argc > 1 ? argv[1] : "{\"name\": [1, 2.5, true]}");
    char *text = value ? cJSON_PrintUnformatted(value) : NULL;
    if (!text)
        return 1;
    uLong size = compressBound(strlen(text));
    Bytef *deflated = malloc(size);
    if (!deflated || compress2(deflated, &size, (const Bytef *)text, strlen(text), 9) != Z_OK)
        return 1;
    printf("%s %lu %016llx\n", text, size, (unsigned long long)XXH64(deflated, size, 0));
    free(deflated);
    free(text);
    cJSON_Delete(value);
    return 0;
}
