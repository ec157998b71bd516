#include "check.h"
#include "content/blob_body.h"
#include "content/blob_remote.h"
#include "content/blob_url.h"

#include <stdlib.h>

static void test_good(void)
{
    static const char *const urls[] = {
        "http://host",           "http://host/",
        "HTTPS://host:8443/a/b", "http://[::1]:80/x",
        "http://u:p@host/ac",    "http://a%40b:%2F@h/ac",
        "http://host/a:b%40c",   "http://host:/x",
        "http://host:65535",     "http://[fe80::1%25eth0]/",
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
        CHECK_ROW(urls[i]);
        CHECK_NUMBER(blob_url_check(urls[i], NULL), 0);
        struct blob_remote *remote = blob_remote_open(&(struct blob_remote_options){.url = urls[i]}, NULL);
        CHECK(remote);
        blob_remote_close(remote);
    }
}

/* The message says what is wrong, and no password. */
static void test_bad(void)
{
    static const struct {
        const char *url, *message;
    } rows[] = {
        {"", "begins neither"},
        {"host/path", "begins neither"},
        {"/cache", "begins neither"},
        {"ftp://user:secret@host/", "begins neither"},
        {"file:///etc/passwd", "begins neither"},
        {"http:host", "begins neither"},
        {"user:secret@host/", "begins neither"},
        {"http://", "names no host"},
        {"http:///path", "names no host"},
        {"http://:80/", "names no host"},
        {"http://user:secret@", "names no host"},
        {"http://user:secret@/x", "names no host"},
        {"http://user:secret@host/?x=secret", "query"},
        {"http://user:secret@host/#x", "fragment"},
        {"http://user:sec/ret@host/", "%XX"},
        {"http://user:sec?ret@host/", "query"},
        {"http://user:secret@host/a b", "blank"},
        {"http://user:secret@host/\r\nX: y", "blank"},
        {"http://user:secret@host/\xc3\xa4", "ASCII"},
        {"http://127.0.0.1:99999/", "no number from 1 to 65535"},
        {"http://user:secret@host:65536", "no number from 1 to 65535"},
        {"http://host:18446744073709551617/", "no number from 1 to 65535"},
        {"http://host:0/", "no number from 1 to 65535"},
        {"http://host:8o/", "no number from 1 to 65535"},
        {"http://a::1/", "no number from 1 to 65535"},
        {"http://[::1", "no ]"},
        {"http://[::1/]", "no ]"},
        {"http://[::1]80/", "no ]"},
        {"http://[::1]:99999/", "no number from 1 to 65535"},
        {"http://[host]/", "no address of IPv6"},
        {"http://[]/", "no address of IPv6"},
        {"http://[0000000000000000000000000000000000000000000000000000000001]/", "no address of IPv6"},
        {"http://host/{a,b}", "no path has"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct shared_error err = {0};
        CHECK_ROW(rows[i].url);
        CHECK(!blob_remote_open(&(struct blob_remote_options){.url = rows[i].url}, &err));
        CHECK_NUMBER(err.code, SHARED_EINVAL);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK(!strstr(err.text, "secret") && !strstr(err.text, "user:"));
    }
    char *url = malloc(3001);
    memset(url, 'x', 3000);
    memcpy(url, "http://user:secret@h/", 21);
    url[3000] = '\0';
    struct shared_error err = {0};
    CHECK_NUMBER(blob_url_check(url, &err), SHARED_EINVAL);
    CHECK_MESSAGE(&err, "too long");
    free(url);
}

static void test_shown(void)
{
    static const struct {
        const char *url, *shown;
    } rows[] = {
        {"http://host/path", "http://host/path"},
        {"http://user:secret@host/path", "http://host/path"},
        {"https://user@host", "https://host"},
        {"http://a:b@c:d@host/", "http://host/"},
        {"http://a:b/c@host/", "http://host/"},
        {"a:b@host", "host"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *shown = blob_url_shown(rows[i].url);
        CHECK_TEXT(shown, rows[i].shown);
        free(shown);
    }
}

static void test_of_key(void)
{
    struct blob_key key = {{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xf0}};
    static const char *const urls[] = {"http://h/ac", "http://h/ac/", "http://h/ac//"};
    for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
        char *url = blob_url_of(urls[i], &key);
        CHECK_TEXT(url, "http://h/ac/0123456789abcdeff0000000000000000123456789abcdeff000000000000000");
        free(url);
    }
}

/* A header is what it was; each bit that is not, is seen. */
static void test_body(void)
{
    struct blob_entry entry = {.key = {{1, 2, 3}},
                               .blob = {.crc = 0xdeadbeef,
                                        .method = 8,
                                        .content_bytes = UINT64_C(1) << 40,
                                        .stream_bytes = 12345678901},
                               .checksum = UINT64_MAX};
    struct blob_entry read;
    unsigned char header[BLOB_BODY_HEADER_BYTES];
    blob_body_write(header, &entry);
    CHECK(memcmp(header, "dembody1", 8) == 0);
    CHECK(blob_body_read(header, &read));
    CHECK(memcmp(&read.key, &entry.key, sizeof(read.key)) == 0);
    CHECK_NUMBER(read.blob.crc, 0xdeadbeef);
    CHECK_NUMBER(read.blob.method, 8);
    CHECK_NUMBER(read.blob.content_bytes, INT64_C(1) << 40);
    CHECK_NUMBER(read.blob.stream_bytes, 12345678901);
    CHECK(read.checksum == UINT64_MAX);
    for (size_t bit = 0; bit < 8 * sizeof(header); bit++) {
        header[bit / 8] ^= (unsigned char)(1 << bit % 8);
        CHECK(!blob_body_read(header, &read));
        header[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
}

int main(void)
{
    CHECK_RUN(test_good);
    CHECK_RUN(test_bad);
    CHECK_RUN(test_shown);
    CHECK_RUN(test_of_key);
    CHECK_RUN(test_body);
    return check_report();
}
