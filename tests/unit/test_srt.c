/* test_srt.c - the sample's subtitles: gzip, character sets, SubRip as it is found, WebVTT. */
#include "charset.h"
#include "check.h"
#include "gunzip.h"
#include "vtt.h"

#include <stdlib.h>
#include <zlib.h>

static struct shared_arena arena;

/* A copy of exactly its size, so that reading past its end is seen. */
static struct shared_slice exact(const void *data, size_t size_bytes)
{
    char *copy = malloc(size_bytes ? size_bytes : 1);
    memcpy(copy, data, size_bytes);
    return shared_slice_of(copy, size_bytes);
}

static void give_back(struct shared_slice copy)
{
    free((void *)copy.data);
}

static int to_vtt(struct shared_slice file, struct shared_slice *vtt, struct shared_error *err)
{
    struct srt srt;
    int code = srt_read(file, &arena, &srt, err);
    return code < 0 ? code : vtt_write(&srt, &arena, vtt, err);
}

#define T1 "00:00:01,000 --> 00:00:02,500"
#define V1 "00:00:01.000 --> 00:00:02.500\n"

static void test_convert(void)
{
    static const struct {
        const char *name, *srt, *vtt; /* without its first line and the empty one */
    } rows[] = {
        {"plain", "1\n" T1 "\nHello\n\n", V1 "Hello\n\n"},
        {"CR LF", "1\r\n" T1 "\r\nHello\r\nyou\r\n\r\n", V1 "Hello\nyou\n\n"},
        {"CR", "1\r" T1 "\rHello\r\r", V1 "Hello\n\n"},
        {"no end of line", "1\n" T1 "\nHello", V1 "Hello\n\n"},
        {"blank lines before", "\n \n\t\n1\n" T1 "\nHello", V1 "Hello\n\n"},
        {"no number", T1 "\nHello\n\n" T1 "\nYou\n", V1 "Hello\n\n" V1 "You\n\n"},
        {"no blank line", "1\n" T1 "\nHello\n2\n" T1 "\nYou\n", V1 "Hello\n\n" V1 "You\n\n"},
        {"blank line in text", T1 "\nHello\n\nthere\n", V1 "Hello\nthere\n\n"},
        {"a year as text", T1 "\n1922\n1923\n", V1 "1922\n1923\n\n"},
        {"full stops", "00:00:01.000 --> 00:00:02.500\nHello\n", V1 "Hello\n\n"},
        {"short fields, spaces", " 0:0:1,000-->0:00:2,500  \nHello\n", V1 "Hello\n\n"},
        {"long hours", "100:00:01,000 --> 100:00:02,500\nHello\n",
         "100:00:01.000 --> 100:00:02.500\nHello\n\n"},
        {"position", T1 "  X1:40 X2:600 Y1:20 Y2:50\nHello\n", V1 "Hello\n\n"},
        {"out of order", "00:00:05,000 --> 00:00:06,000\nB\n\n" T1 "\nA\n\n" T1 "\nA2\n",
         V1 "A\n\n" V1 "A2\n\n00:00:05.000 --> 00:00:06.000\nB\n\n"},
        {"tags that stay", T1 "\n<i>a</i> <B>b</B> <u>c</u>\n", V1 "<i>a</i> <b>b</b> <u>c</u>\n\n"},
        {"tags that go", T1 "\n<font color=\"red\">a</font><x>b</i >\n", V1 "ab\n\n"},
        {"overrides", T1 "\n{\\an8}{\\pos(1,2)}Hi {there} {\\an\n", V1 "Hi {there} {\\an\n\n"},
        {"escapes", T1 "\na < b && c > d <3 <\n", V1 "a &lt; b &amp;&amp; c &gt; d &lt;3 &lt;\n\n"},
        {"controls", T1 "\na\x01\x02 b\tc\n", V1 "a b\tc\n\n"},
        {"nothing left", T1 "\n{\\an8}\n\n" T1 "\n\n" T1 "\nA\n", V1 "A\n\n"},
        {"no time", "00:00:01,000 --> 00:00:01,000\nA\n\n" T1 "\nB\n", V1 "B\n\n"},
        {"no text at all", T1, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct shared_slice vtt = {0}, file = exact(rows[i].srt, strlen(rows[i].srt));
        struct shared_error err = {0};
        CHECK_ROW(rows[i].name);
        CHECK_NUMBER(to_vtt(file, &vtt, &err), 0);
        CHECK_TEXT(err.text, "");
        char expected[512];
        snprintf(expected, sizeof(expected), "WEBVTT\n\n%s", rows[i].vtt);
        CHECK_SLICE(vtt, expected);
        give_back(file);
        shared_arena_reset(&arena);
    }
}

static void test_malformed(void)
{
    static const char timing[] = "expected a timing as";
    static const struct {
        const char *srt, *message;
    } rows[] = {
        {"", "no cues in 0 lines"},
        {"\n\n \r\n", "no cues in 3 lines"},
        {"Hello\n", "line 1: expected a cue's number or timing"},
        {"\n\n1\nHello\n", "line 4: expected a timing below the cue's number"},
        {"1\n", "line 2: expected a timing below"},
        {T1 "\nA\n\n2\n00:00:01,000 -> 00:00:02,000\nB\n", "line 5: expected a timing below"},
        {"-->", timing},
        {"a --> b", timing},
        {"00:00:01,000 -->", timing},
        {"--> 00:00:01,000", timing},
        {"00:00:01,00 --> 00:00:02,000", timing},
        {"00:00:01 --> 00:00:02", timing},
        {"00:60:01,000 --> 00:61:02,000", timing},
        {"00:00:60,000 --> 00:01:02,000", timing},
        {"1000:00:00,000 --> 1000:00:02,000", timing},
        {"-0:00:01,000 --> 00:00:02,000", timing},
        {"00:00:01,000 --> 00:00:02,0001", timing},
        {"00:00:01,000 --> 00:00:02,000x", timing},
        {"00:00:0O,000 --> 00:00:02,000", timing},
        {"1\n" T1 "\nA\n\n2\n00:00:03,000 --> 00:00:02,999\nB\n", "line 6: the cue ends before it begins"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct shared_slice vtt = {0}, file = exact(rows[i].srt, strlen(rows[i].srt));
        struct shared_error err = {0};
        CHECK_ROW(rows[i].srt);
        CHECK_NUMBER(to_vtt(file, &vtt, &err), SHARED_EPROTO);
        CHECK_MESSAGE(&err, rows[i].message);
        give_back(file);
        shared_arena_reset(&arena);
    }
}

/* A million less-than signs, or cues in reverse order: neither takes time that grows with the square. */
static void test_large(void)
{
    size_t size = 1 << 20;
    struct shared_slice vtt = {0};
    char *text = malloc(size);
    memset(text, '<', size);
    for (size_t i = 1; i < size; i += 2)
        text[i] = 'a';
    memcpy(text, T1 "\n", strlen(T1) + 1);
    CHECK_NUMBER(to_vtt(shared_slice_of(text, size), &vtt, NULL), 0);
    CHECK(vtt.size_bytes > 2 * size);
    size_t used = 0;
    unsigned cues = 0;
    for (; used + 64 < size; cues++) {
        unsigned t = 86400 - cues;
        used += (size_t)sprintf(text + used, "%02u:%02u:%02u,000 --> 99:00:00,000\nA\n\n", t / 3600,
                                t / 60 % 60, t % 60);
    }
    CHECK_NUMBER(to_vtt(shared_slice_of(text, used), &vtt, NULL), 0);
    CHECK_NUMBER(vtt.size_bytes, 8 + cues * strlen("00:00:00.000 --> 99:00:00.000\nA\n\n"));
    free(text);
    shared_arena_reset(&arena);
}

static void test_charset(void)
{
    static const struct {
        const char *bytes, *text, *name; /* name NULL: refused */
    } rows[] = {
        {"plain", "plain", "utf-8"},
        {"", "", "utf-8"},
        {"\xEF\xBB\xBFM\xC3\xA4rgen", "Märgen", "utf-8"},
        {"\xEF\xBB\xBF", "", "utf-8"},
        {"M\xE4rgen", "Märgen", "windows-1252"},
        {"\x93quoted\x94 \x85 \x80", "“quoted” … €", "windows-1252"},
        {"\xC0\x80", "À€", "windows-1252"},                    /* overlong */
        {"\xED\xA0\x80", "\xC3\xAD\xC2\xA0€", "windows-1252"}, /* a surrogate */
        {"\xF4\x90\x80\x80", "ô\xC2\x90€€", "windows-1252"},   /* over U+10FFFF */
        {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF", "utf-8"},
        {"\xE2\x82", "â‚", "windows-1252"}, /* cut off */
        {"\xFE\xFF", NULL, NULL},
        {"\xFF\xFE"
         "a",
         NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct shared_slice file = exact(rows[i].bytes, strlen(rows[i].bytes)), text = {0};
        const char *name = NULL;
        CHECK_ROW(rows[i].text);
        CHECK_NUMBER(charset_to_utf8(file, &arena, &text, &name, NULL),
                     rows[i].name ? 0 : SHARED_EUNSUPPORTED);
        CHECK_TEXT(name, rows[i].name);
        CHECK_SLICE(text, rows[i].text);
        CHECK(charset_is_utf8(text));
        give_back(file);
        shared_arena_reset(&arena);
    }
}

static size_t pack(const char *data, size_t size_bytes, unsigned char *out, size_t out_bytes)
{
    z_stream stream = {0};
    deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = (z_const Bytef *)data;
    stream.avail_in = (unsigned)size_bytes;
    stream.next_out = out;
    stream.avail_out = (unsigned)out_bytes;
    CHECK_NUMBER(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return out_bytes - stream.avail_out;
}

static void check_gunzip(const void *data, size_t size, size_t limit, int code, const char *part)
{
    struct shared_slice file = exact(data, size), plain = {0};
    struct shared_error err = {0};
    CHECK_NUMBER(gunzip(file, limit, &arena, &plain, &err), code);
    if (code == 0)
        CHECK_SLICE(plain, part);
    else
        CHECK_MESSAGE(&err, part);
    give_back(file);
    shared_arena_reset(&arena);
}

static void test_gunzip(void)
{
    unsigned char file[512];
    size_t size = pack("Hello", 5, file, sizeof(file));
    check_gunzip(file, size, 5, 0, "Hello");
    check_gunzip(file, size, 4, SHARED_ETOOBIG, "more than 4 bytes");
    for (size_t cut = 0; cut < size; cut++)
        check_gunzip(file, cut, 100, SHARED_EPROTO, "gzip: ");
    size_t both = size + pack(" again", 6, file + size, sizeof(file) - size);
    check_gunzip(file, both, 11, 0, "Hello again");
    check_gunzip(file, both, 10, SHARED_ETOOBIG, "more than 10 bytes");
    file[size - 5] ^= 1;
    check_gunzip(file, size, 100, SHARED_EPROTO, "incorrect data check");
    check_gunzip("plain text", 10, 100, SHARED_EPROTO, "incorrect header check");
}

/* What is inflated ends with a chunk's end, and with the limit, and one byte over it. */
static void test_gunzip_edges(void)
{
    static const size_t sizes[] = {16383, 16384, 16385, 32768, 32769};
    static unsigned char file[4096];
    char *zeros = calloc(1, 32769);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t size = pack(zeros, sizes[i], file, sizeof(file));
        struct shared_slice out = {0};
        CHECK_NUMBER(gunzip(shared_slice_of(file, size), sizes[i], &arena, &out, NULL), 0);
        CHECK_NUMBER(out.size_bytes, sizes[i]);
        CHECK_NUMBER(gunzip(shared_slice_of(file, size), sizes[i] - 1, &arena, &out, NULL), SHARED_ETOOBIG);
        CHECK_NUMBER(gunzip(shared_slice_of(file, size - 9), sizes[i], &arena, &out, NULL), SHARED_EPROTO);
        shared_arena_reset(&arena);
    }
    free(zeros);
}

int main(void)
{
    CHECK_RUN(test_convert);
    CHECK_RUN(test_malformed);
    CHECK_RUN(test_large);
    CHECK_RUN(test_charset);
    CHECK_RUN(test_gunzip);
    CHECK_RUN(test_gunzip_edges);
    shared_arena_clean_up(&arena);
    return check_report();
}
