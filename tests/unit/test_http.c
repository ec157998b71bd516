#include "http/http_chunk.h"
#include "http/http_connection.h"

#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define OK "HTTP/1.1 200 OK\r\n"

struct head_row {
    const char *input;
    ptrdiff_t size; /* -1: refused, 0: incomplete */
    int status;
    bool close, chunked;
    size_t length_bytes;
};

static const struct head_row heads[] = {
    {OK "\r\n", 19, 200, false, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {OK "Content-Length: 5\r\n\r\nhello", 38, 200, false, false, 5},
    {OK "content-length:5\r\n\r\n", 37, 200, false, false, 5},
    {OK "CONTENT-LENGTH: \t 5 \t \r\n\r\n", 43, 200, false, false, 5},
    {OK "Content-Length: 0\r\n\r\n", 38, 200, false, false, 0},
    {OK "X-Content-Length: 5\r\nContent-Lengthy: 6\r\n\r\n", 60, 200, false, false,
     SHARED_HTTP_LENGTH_UNKNOWN},
    {OK "Content-Length: 33554432\r\n\r\n", 45, 200, false, false, SHARED_HTTP_BODY_LIMIT_BYTES},
    {OK "Transfer-Encoding: Chunked\r\n\r\n", 47, 200, false, true, SHARED_HTTP_LENGTH_UNKNOWN},
    {OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 66, 200, false, true, 5},
    {OK "Connection: CLOSE\r\n\r\n", 38, 200, true, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {OK "Connection: keep-alive\r\n\r\n", 43, 200, false, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {OK "Connection: closed\r\n\r\n", 39, 200, false, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {"HTTP/1.0 404 Not Found\r\n\r\n", 26, 404, true, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {"HTTP/1.1 204\r\n\r\n", 16, 204, false, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {"HTTP/1.1 100 Continue\r\n\r\n" OK "\r\n", 25, 100, false, false, SHARED_HTTP_LENGTH_UNKNOWN},
    {"H", 0, 0, false, false, 0},
    {"HTTP/1.", 0, 0, false, false, 0},
    {OK, 0, 0, false, false, 0},
    {OK "\r", 0, 0, false, false, 0},
    {OK "Content-Length: 5\n\n", 0, 0, false, false, 0}, /* bare LF ends no head */
    {"X", -1, 0, false, false, 0},
    {"HTTP/2 200\r\n\r\n", -1, 0, false, false, 0},
    {"\r\n\r\n", -1, 0, false, false, 0},
    {"HTTP/1.1 abc\r\n\r\n", -1, 0, false, false, 0},
    {"HTTP/1.1 99 Low\r\n\r\n", -1, 0, false, false, 0},
    {"HTTP/1.1 \r\n\r\n", -1, 0, false, false, 0},
    {OK "Content-Length: \r\n\r\n", -1, 0, false, false, 0},
    {OK "Content-Length: -1\r\n\r\n", -1, 0, false, false, 0},
    {OK "Content-Length: 5, 5\r\n\r\n", -1, 0, false, false, 0},
    {OK "Content-Length: 0x5\r\n\r\n", -1, 0, false, false, 0},
    {OK "Content-Length: 33554433\r\n\r\n", -1, 0, false, false, 0},
    {OK "Content-Length: 18446744073709551616\r\n\r\n", -1, 0, false, false, 0},
    {OK "Transfer-Encoding: gzip, chunked\r\n\r\n", -1, 0, false, false, 0},
    {OK "Transfer-Encoding: \r\n\r\n", -1, 0, false, false, 0},
};

/* In memory of its very size, so that a sanitizer sees a byte read or written beyond. */
static char *copy_of(const void *bytes, size_t size_bytes)
{
    char *copy = malloc(size_bytes + 1);
    if (!copy)
        abort();
    memcpy(copy, bytes, size_bytes);
    copy[size_bytes] = '\0';
    return copy;
}

static void test_heads(void)
{
    for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
        const struct head_row *row = &heads[i];
        struct shared_http_head head;
        char *input = copy_of(row->input, strlen(row->input));
        CHECK_ROW(row->input);
        CHECK_NUMBER(shared_http_head_read(input, strlen(row->input), &head), row->size);
        if (row->size > 0) {
            CHECK_NUMBER(head.status, row->status);
            CHECK_NUMBER(head.close, row->close);
            CHECK_NUMBER(head.chunked, row->chunked);
            CHECK_NUMBER(head.length_bytes, row->length_bytes);
            CHECK(head.lines.begin == input && head.lines.end == input + row->size - 2);
        }
        free(input);
    }
}

/* A head that arrives byte by byte is incomplete until its last byte. */
static void test_head_grows(void)
{
    static const char whole[] = OK "A: b\r\nContent-Length: 7\r\n\r\n";
    for (size_t have = 1; have < sizeof(whole); have++) {
        struct shared_http_head head;
        char *input = copy_of(whole, have);
        CHECK_NUMBER(shared_http_head_read(input, have, &head), have == sizeof(whole) - 1 ? (int)have : 0);
        free(input);
    }
}

/* In any order and again: the NUL behind a value that was found hides no other line. */
static void test_header_look_up(void)
{
    static const char bytes[] = OK "Empty:\r\nBlank: \t \r\nA: 1 \r\na: 2\r\nAB:x\r\n"
                                   "Nul: a\0b\r\nColons: a:b: c\r\nNo colon\r\nLast: \xFF\x7F\r\n";
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"Last", "\xFF\x7F"}, {"A", "1"},           {"a", "1"},   {"AB", "x"},     {"Empty", ""},
        {"Blank", ""},        {"Nul", "a"},         {"b", NULL},  {"No", NULL},    {"No colon", NULL},
        {"Colons", "a:b: c"}, {"last", "\xFF\x7F"}, {"La", NULL}, {"Last:", NULL}, {"HTTP/1.1 200 OK", NULL}};
    char *input = copy_of(bytes, sizeof(bytes) - 1);
    const struct shared_http_lines lines = {input, input + sizeof(bytes) - 1};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
            CHECK_ROW(rows[i].name);
            CHECK_TEXT(shared_http_header(&lines, rows[i].name), rows[i].value);
        }
    }
    free(input);
}

static void test_number(void)
{
    static const struct {
        const char *text;
        bool is_number;
        unsigned long long value;
    } rows[] = {{"0", true, 0},   {"1542409706888", true, 1542409706888},
                {"007", true, 7}, {"", false, 0},
                {"1 ", false, 0}, {"1x", false, 0},
                {"x", false, 0},  {"99999999999999999999", true, ~0ull}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        unsigned long long value = 0;
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(shared_http_number(rows[i].text, &value), rows[i].is_number);
        if (rows[i].is_number)
            CHECK(value == rows[i].value);
    }
}

static const struct chunk_row {
    const char *input;
    enum shared_http_chunk_result result;
    const char *content; /* what is decoded by then */
} chunk_rows[] = {
    {"0\r\n\r\n", SHARED_CHUNK_DONE, ""},
    {"5\r\nhello\r\n0\r\n\r\n", SHARED_CHUNK_DONE, "hello"},
    {"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", SHARED_CHUNK_DONE, "hello"},
    {"00A;x=y\r\n0123456789\r\n000\r\n\r\n", SHARED_CHUNK_DONE, "0123456789"},
    {"2\r\n\r\n\r\n0\r\n\r\n", SHARED_CHUNK_DONE, "\r\n"},
    {"1\r\nx\r\n0\r\nTrailer: y\r\n\r\n", SHARED_CHUNK_DONE, "x"},
    {"1\r\nx\r\n0\r\n\r\nHTTP/1.1 200", SHARED_CHUNK_DONE, "x"},
    {"", SHARED_CHUNK_INCOMPLETE, ""},
    {"5", SHARED_CHUNK_INCOMPLETE, ""},
    {"5\r\nhello\r", SHARED_CHUNK_INCOMPLETE, ""},
    {"5\r\nhello\r\n", SHARED_CHUNK_INCOMPLETE, "hello"},
    {"1\r\nx\r\n0\r\n", SHARED_CHUNK_INCOMPLETE, "x"},
    {"1\r\nx\r\n0\r\nTrailer: y\r\n", SHARED_CHUNK_INCOMPLETE, "x"},
    {"2000000\r\n", SHARED_CHUNK_INCOMPLETE, ""},
    {"\r\n", SHARED_CHUNK_MALFORMED, ""},
    {"\n5\r\nhello\r\n", SHARED_CHUNK_MALFORMED, ""},
    {"x\r\n", SHARED_CHUNK_MALFORMED, ""},
    {"-1\r\n", SHARED_CHUNK_MALFORMED, ""},
    {"2000001\r\n", SHARED_CHUNK_MALFORMED, ""},
    {"ffffffffffffffff\r\n", SHARED_CHUNK_MALFORMED, ""},
    {"1\r\nxyz1\r\nx\r\n0\r\n\r\n", SHARED_CHUNK_MALFORMED, ""}, /* more than the chunk's size said */
};

static void test_chunks(void)
{
    for (size_t i = 0; i < sizeof(chunk_rows) / sizeof(*chunk_rows); i++) {
        const struct chunk_row *row = &chunk_rows[i];
        struct shared_http_chunks chunks = {0};
        char *data = copy_of(row->input, strlen(row->input));
        CHECK_ROW(row->input);
        CHECK_NUMBER(shared_http_chunks_decode(&chunks, data, strlen(row->input)), row->result);
        CHECK_BYTES(shared_slice_of(data, chunks.decoded), shared_slice_from_text(row->content));
        free(data);
    }
}

/* What a peer sends before it closes, and what becomes of it. */
static const struct response_row {
    const char *input;
    int code, status;
    const char *body;
    bool close;
} responses[] = {
    {OK "Content-Length: 5\r\n\r\nhello", 0, 200, "hello", false},
    {OK "Content-Length: 0\r\n\r\n", 0, 200, "", false},
    {OK "Content-Length: 5\r\n\r\nhello, there", 0, 200, "hello", true},
    {OK "Content-Length: 5\r\nConnection: close\r\n\r\nhello", 0, 200, "hello", true},
    {OK "\r\nuntil the end", 0, 200, "until the end", true},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 0, 200, "abc", false},
    {"HTTP/1.1 202 Accepted\r\n\r\nnot awaited", 0, 202, "", true},
    {"HTTP/1.1 204 No Content\r\n\r\n", 0, 204, "", true},
    {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" OK "Content-Length: 1\r\n\r\nx", 0, 200, "x", false},
    {OK "Content-Length: 6\r\n\r\nhello", SHARED_EIO, 0, NULL, false},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", SHARED_EIO, 0, NULL, false},
    {OK "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", SHARED_EPROTO, 0, NULL, false},
    {OK, SHARED_EIO, 0, NULL, false},
    {"HTTP/1.1 100 Continue\r\n\r\n", SHARED_EIO, 0, NULL, false},
    {"", SHARED_EIO, 0, NULL, false},
    {"SSH-2.0-OpenSSH\r\n", SHARED_EPROTO, 0, NULL, false},
};

static int read_response(const char *bytes, size_t size_bytes, struct shared_arena *arena,
                         struct shared_http_response *response, bool *close_it, struct shared_error *err)
{
    int ends[2], room = 1 << 20;
    if (!CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0))
        return 1;
    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    CHECK(send(ends[1], bytes, size_bytes, MSG_DONTWAIT) == (ssize_t)size_bytes);
    shutdown(ends[1], SHUT_WR);
    int code = shared_http_response_read(ends[0], arena, response, close_it, err);
    close(ends[0]);
    close(ends[1]);
    return code;
}

static void test_responses(void)
{
    for (size_t i = 0; i < sizeof(responses) / sizeof(*responses); i++) {
        const struct response_row *row = &responses[i];
        struct shared_arena arena = {0};
        struct shared_http_response response;
        struct shared_error err = {0};
        bool close_it = false;
        CHECK_ROW(row->input);
        int code = read_response(row->input, strlen(row->input), &arena, &response, &close_it, &err);
        CHECK_NUMBER(code, row->code);
        CHECK_NUMBER(err.code, row->code);
        if (code == 0 && row->code == 0) {
            CHECK_NUMBER(response.status, row->status);
            CHECK_SLICE(response.body, row->body);
            CHECK_NUMBER(close_it, row->close);
        }
        CHECK_NUMBER(read_response(row->input, strlen(row->input), &arena, &response, &close_it, NULL),
                     row->code);
        shared_arena_clean_up(&arena);
    }
}

/* A head without an end, and interim answers without a final one: not taken in for ever. */
static void test_head_limit(void)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    static char bytes[128 << 10];
    for (int of_interims = 0; of_interims < 2; of_interims++) {
        struct shared_arena arena = {0};
        struct shared_http_response response;
        struct shared_error err = {0};
        bool close_it = false;
        const size_t piece = sizeof(interim) - 1, pieces = of_interims ? sizeof(bytes) / piece : 1;
        CHECK_ROW(of_interims ? "interim answers" : "one head");
        memset(bytes, 'x', sizeof(bytes));
        for (size_t i = 0; i < pieces; i++)
            memcpy(bytes + i * piece, of_interims ? interim : OK "X: 45678", piece);
        CHECK_NUMBER(read_response(bytes, of_interims ? pieces * piece : sizeof(bytes), &arena, &response,
                                   &close_it, &err),
                     SHARED_EPROTO);
        shared_arena_clean_up(&arena);
    }
}

/* A place to connect to, where nothing is accepted and nothing answered. */
static int listen_anywhere(struct sockaddr_in *address)
{
    socklen_t size = sizeof(*address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(bind(fd, (struct sockaddr *)address, size) == 0 && listen(fd, 4) == 0 &&
          getsockname(fd, (struct sockaddr *)address, &size) == 0);
    return fd;
}

/* The peer waits for the rest of the request; who waited for its answer would wait for ever. */
static void test_request_that_cannot_be_sent(void)
{
    struct shared_http_connection connection = {.fd = -1};
    struct shared_arena arena = {0};
    struct shared_http_response response;
    struct shared_error err = {0};
    int listener = listen_anywhere(&connection.address);
    void *unreadable = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const struct shared_slice request[2] = {
        SHARED_SLICE_LITERAL("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"), {unreadable, 5}};
    alarm(30);
    CHECK_NUMBER(shared_http_exchange(&connection, request, &arena, &response, &err), SHARED_EIO);
    alarm(0);
    CHECK_NUMBER(err.sys_errno, EFAULT);
    CHECK_NUMBER(connection.fd, -1);
    munmap(unreadable, 4096);
    close(listener);
    shared_arena_clean_up(&arena);
}

static void test_nobody_listens(void)
{
    struct shared_http_connection connection = {.fd = -1};
    struct shared_arena arena = {0};
    struct shared_http_response response;
    struct shared_error err = {0};
    const struct shared_slice request[2] = {SHARED_SLICE_LITERAL("GET / HTTP/1.1\r\n\r\n"), {NULL, 0}};
    close(listen_anywhere(&connection.address));
    CHECK_NUMBER(shared_http_exchange(&connection, request, &arena, &response, &err), SHARED_EIO);
    CHECK_NUMBER(err.sys_errno, ECONNREFUSED);
    CHECK_NUMBER(connection.fd, -1);
    CHECK_NUMBER(shared_http_exchange(&connection, request, &arena, &response, NULL), SHARED_EIO);
    shared_arena_clean_up(&arena);
}

int main(void)
{
    CHECK_RUN(test_heads);
    CHECK_RUN(test_head_grows);
    CHECK_RUN(test_header_look_up);
    CHECK_RUN(test_number);
    CHECK_RUN(test_chunks);
    CHECK_RUN(test_responses);
    CHECK_RUN(test_head_limit);
    CHECK_RUN(test_request_that_cannot_be_sent);
    CHECK_RUN(test_nobody_listens);
    return check_report();
}
