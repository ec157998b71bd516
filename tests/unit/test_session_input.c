/* test_session_input.c - what the sample's sessions read: addresses of Redis, bodies, ids, errors. */
#include "check.h"

#include "login/login_body.h"
#include "login/session_id.h"
#include "redis/redis_url.h"
#include "redis/redis_verdict.h"

#include <stdlib.h>

static void test_url(void)
{
    static const struct {
        const char *text, *host;
        int port;
        const char *user, *password;
        int database;
    } rows[] = {
        {"redis://localhost", "localhost", 6379, "", "", 0},
        {"redis://10.0.0.7:6380", "10.0.0.7", 6380, "", "", 0},
        {"redis://10.0.0.7/", "10.0.0.7", 6379, "", "", 0},
        {"redis://10.0.0.7/15", "10.0.0.7", 6379, "", "", 15},
        {"redis://[::1]", "::1", 6379, "", "", 0},
        {"redis://[fe80::1%25eth0]:1/2", "fe80::1%eth0", 1, "", "", 2},
        {"redis://:p@h:65535/16383", "h", 65535, "", "p", 16383},
        {"redis://ada:p%40%2F%3a@h", "h", 6379, "ada", "p@/:", 0},
        {"redis://:a:b@c@h", "h", 6379, "", "a:b@c", 0},
        {"redis://ada:@h", "h", 6379, "ada", "", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct redis_url url;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(redis_url_read(&url, rows[i].text, &err), 0);
        CHECK_TEXT(err.text, "");
        CHECK_TEXT(url.host, rows[i].host);
        CHECK_NUMBER(url.port, rows[i].port);
        CHECK_TEXT(url.user, rows[i].user);
        CHECK_TEXT(url.password, rows[i].password);
        CHECK_NUMBER(url.database, rows[i].database);
    }
}

static void test_url_error(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {NULL, "set it to"},
        {"", "set it to"},
        {"localhost:6379", "begin with redis://"},
        {"REDIS://localhost", "begin with redis://"},
        {"rediss://localhost", "no TLS"},
        {"redis://", "no host"},
        {"redis:///1", "no host"},
        {"redis://:6379", "no host"},
        {"redis://:s3cret@", "no host"},
        {"redis://s3cret@h", "before the @"},
        {"redis://:s3cret%@h", "percent"},
        {"redis://:s3cret%4@h", "percent"},
        {"redis://:s3cret%+1@h", "percent"},
        {"redis://:s3cret%00@h", "percent"},
        {"redis://:s3cret%zz@h", "percent"},
        {"redis://[", "after ["},
        {"redis://[::1", "after ["},
        {"redis://[::1]x", "after ["},
        {"redis://[]", "no host"},
        {"redis://h:", "the port"},
        {"redis://h:0", "the port"},
        {"redis://h:65536", "the port"},
        {"redis://h:1:2", "the port"},
        {"redis://h:-1", "the port"},
        {"redis://h/x", "the database"},
        {"redis://h/16384", "the database"},
        {"redis://h/1/2", "the database"},
        {"redis://h/1?x", "the database"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct redis_url url;
        struct shared_error err = {0};
        CHECK_ROW(rows[i].text ? rows[i].text : "(none)");
        CHECK(redis_url_read(&url, rows[i].text, &err) < 0);
        CHECK_MESSAGE(&err, rows[i].message);
        CHECK(!strstr(err.text, "s3cret"));
        CHECK(redis_url_read(&url, rows[i].text, NULL) < 0);
    }
}

/* Every part at the size of its place, and one byte past it. */
static void test_url_size(void)
{
    static const struct {
        const char *before, *after;
        int fits;
    } parts[] = {{"redis://", "", 255}, {"redis://", ":p@h", 127}, {"redis://:", "@h", 255}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        for (int size = parts[i].fits; size <= parts[i].fits + 1; size++) {
            char text[1024], part[512] = "";
            struct redis_url url;
            memset(part, 'x', (size_t)size);
            snprintf(text, sizeof(text), "%s%s%s", parts[i].before, part, parts[i].after);
            CHECK_ROW(parts[i].after);
            CHECK_NUMBER(redis_url_read(&url, text, NULL), size == parts[i].fits ? 0 : SHARED_EINVAL);
        }
    }
}

/* Texts made of what an address is made of, in any order, on memory of exactly their size. */
static void test_url_any(void)
{
    static const char bytes[] = "redis://[]:@/%0aF9.x-";
    unsigned random = 1;
    int good = 0;
    for (int i = 0; i < 200000; i++) {
        size_t size = (random = random * 1103515245 + 12345) >> 16 & 31;
        char *text = malloc(size + 9);
        struct redis_url url;
        strcpy(text, "redis://");
        for (size_t j = 8; j < size + 8; j++)
            text[j] = bytes[((random = random * 1103515245 + 12345) >> 16) % (sizeof(bytes) - 1)];
        text[size + 8] = '\0';
        good += redis_url_read(&url, text, NULL) == 0;
        free(text);
    }
    CHECK(good > 100);
}

static void test_body(void)
{
    static const struct {
        const char *body, *user;
    } rows[] = {
        {"{\"user\":\"ada\"}", "ada"},
        {" { \"x\":[1], \"user\" : \"Ada.L-1_2@b+c\" } \n", "Ada.L-1_2@b+c"},
        {"{\"user\":\"\\u0061da\"}", "ada"},
        {"{\"user\":\"ada\\u0000\"}", NULL},
        {"{\"User\":\"ada\"}", NULL},
        {"{\"user\":null}", NULL},
        {"\"user\"", NULL},
        {"{\"user\":\"ada\"}}", NULL},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", NULL},
    };
    struct shared_arena arena = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *user = NULL;
        CHECK_ROW(rows[i].body);
        CHECK_NUMBER(login_body_read(shared_slice_from_text(rows[i].body), &arena, &user, NULL),
                     rows[i].user ? 0 : SHARED_EINVAL);
        CHECK_TEXT(user, rows[i].user);
    }
    shared_arena_clean_up(&arena);
}

static void test_id(void)
{
    char one[SESSION_ID_BYTES], two[SESSION_ID_BYTES];
    CHECK_NUMBER(session_id_make(one, NULL), 0);
    CHECK_NUMBER(session_id_make(two, NULL), 0);
    CHECK(session_id_is_valid(one) && session_id_is_valid(two) && strcmp(one, two) != 0);
    CHECK(!session_id_is_valid(NULL));
    CHECK(!session_id_is_valid(""));
    CHECK(!session_id_is_valid("0123456789abcdef0123456789abcde"));
    CHECK(!session_id_is_valid("0123456789abcdef0123456789abcdef0"));
    CHECK(!session_id_is_valid("0123456789ABCDEF0123456789ABCDEF"));
}

static void test_verdict(void)
{
    CHECK_NUMBER(redis_verdict_of_error("LOADING Redis is loading the dataset in memory"), REDIS_NOT_YET);
    CHECK_NUMBER(redis_verdict_of_error("LOADINGS"), REDIS_MISCONFIGURED);
    CHECK_NUMBER(redis_verdict_of_error("MISCONF Redis is configured to save RDB snapshots"), REDIS_FULL);
    CHECK_NUMBER(redis_verdict_of_error("ERR max number of clients reached"), REDIS_NOT_YET);
    CHECK_NUMBER(redis_verdict_of_error("ERR unknown command 'GETEX'"), REDIS_MISCONFIGURED);
    CHECK_NUMBER(redis_verdict_of_error(""), REDIS_MISCONFIGURED);
}

int main(void)
{
    CHECK_RUN(test_url);
    CHECK_RUN(test_url_error);
    CHECK_RUN(test_url_size);
    CHECK_RUN(test_url_any);
    CHECK_RUN(test_body);
    CHECK_RUN(test_id);
    CHECK_RUN(test_verdict);
    return check_report();
}
