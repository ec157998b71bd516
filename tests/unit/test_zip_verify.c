#include "check.h"
#include "zip_oracle.h"

#include "zip/zip_package_digest.h"
#include "zip/zip_scan.h"
#include "zip/zip_sha256.h"
#include "zip/zip_verify.h"

static struct shared_arena arena;
static struct shared_error err;
static struct zip_verified verified;

/* Two files of which the first is deflated, a symlink and an empty folder, as the oracle writes them. */
static struct shared_slice make_zip(struct package *package)
{
    static struct package_entry entries[] = {
        {.place = "bin/tool", .source = "text", .kind = PACKAGE_EXECUTABLE, .size_bytes = 5000},
        {.place = "data", .source = "short", .kind = PACKAGE_FILE, .size_bytes = 9},
        {.place = "empty/", .source = "empty", .kind = PACKAGE_FOLDER},
        {.place = "lib/link",
         .source = "link",
         .target = "../data",
         .kind = PACKAGE_SYMLINK,
         .size_bytes = 7},
    };
    char text[5000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "some text "[i % 10];
    scratch_bytes("text", text, sizeof(text));
    scratch_file("short", "123456789");
    *package = (struct package){.entries = entries, .count = 4};
    made_contents(package, 9, &arena);
    oracle_write(package, "good.zip");
    struct shared_slice zip;
    SCRATCH_NEED(file_read("good.zip", 1u << 20, &arena, &zip, &err) == 0);
    return zip;
}

static int verify_bytes(const void *data, size_t size)
{
    scratch_bytes("tried.zip", data, size);
    err = (struct shared_error){0};
    return zip_verify("tried.zip", &arena, &verified, &err);
}

static void test_good(void)
{
    struct package package;
    struct shared_slice zip = make_zip(&package);
    struct hash digest;
    char sha256[LOCK_SHA256_BYTES];
    CHECK_NUMBER(verify_bytes(zip.data, zip.size_bytes), 0);
    CHECK_NUMBER(verified.zip.zip_bytes, zip.size_bytes);
    CHECK_NUMBER(verified.zip.unzipped_bytes, 5000 + 9 + 7);
    CHECK_NUMBER(verified.package.count, 4);
    CHECK_TEXT(verified.package.entries[3].target, "../data");
    CHECK_NUMBER(zip_package_digest(&package, &digest, &err), 0);
    CHECK(memcmp(&digest, &verified.zip.content, sizeof(digest)) == 0);
    CHECK_NUMBER(zip_sha256_file("good.zip", sha256, &err), 0);
    CHECK_TEXT(verified.zip.sha256, sha256);
    SCRATCH_NEED(
        system("sha256sum good.zip | cut -c1-64 | tr -d '\\n' | python3 -c 'import sys, base64;"
               " print(base64.b64encode(bytes.fromhex(sys.stdin.read())).decode(), end=\"\")' > sha") == 0);
    struct shared_slice expected;
    SCRATCH_NEED(file_read("sha", 100, &arena, &expected, &err) == 0);
    CHECK_SLICE(expected, sha256);
}

/* Where a field is: from the start of a local header, of an entry of the directory, or of the end. */
enum part { LOCAL, CENTRAL, END };

static size_t offset_of(struct shared_slice zip, enum part part, size_t entry)
{
    const unsigned char *bytes = (const unsigned char *)zip.data;
    size_t end = zip.size_bytes - 22, at = zip_u32(bytes + end + 16);
    if (part == END)
        return end;
    for (; entry > 0; entry--)
        at += 46u + zip_u16(bytes + at + 28);
    return part == CENTRAL ? at : zip_u32(bytes + at + 42);
}

/* One field changed to a value. */
static const struct {
    const char *name;
    enum part part;
    size_t entry, offset;
    int bytes;
    uint64_t value;
    const char *message;
} fields[] = {
    {"no signature of the end", END, 0, 0, 4, 0, "there is no end of a directory"},
    {"disk", END, 0, 4, 2, 1, "several disks"},
    {"directory's disk", END, 0, 6, 2, 1, "several disks"},
    {"entries here", END, 0, 8, 2, 3, "several disks"},
    {"more entries", END, 0, 8, 4, 0x00050005, "5 entries do not fit"},
    {"fewer entries", END, 0, 8, 4, 0x00030003, "bytes behind the last entry of the directory"},
    {"very many entries", END, 0, 8, 4, 0xFFFEFFFE, "65534 entries do not fit"},
    {"entries as of zip64", END, 0, 8, 4, 0xFFFFFFFF, "65535 entries do not fit"},
    {"directory's size", END, 0, 12, 4, 1, "not where its end says"},
    {"directory's offset", END, 0, 16, 4, 0, "not where its end says"},
    {"directory's offset, large", END, 0, 16, 4, 0xFFFFFFF0, "not where its end says"},
    {"comment", END, 0, 20, 2, 1, "there is no end of a directory"},
    {"signature", CENTRAL, 1, 0, 4, 0, "no entry where the directory should have one"},
    {"encrypted", CENTRAL, 1, 8, 2, 1, "\"data\" is encrypted"},
    {"strongly encrypted", CENTRAL, 1, 8, 2, 0x40, "flags that are not known"},
    {"masked headers", CENTRAL, 1, 8, 2, 0x2000, "flags that are not known"},
    {"method", CENTRAL, 1, 10, 2, 12, "a method other than"},
    {"deflated", CENTRAL, 1, 10, 2, 8, "another method in its header"},
    {"stored", CENTRAL, 0, 10, 2, 0, "is stored, but has two sizes"},
    {"time", CENTRAL, 1, 12, 2, 7, "another time in its header"},
    {"CRC", CENTRAL, 1, 16, 4, 7, "another CRC in its header"},
    {"stream shorter", CENTRAL, 0, 20, 4, 3, "other sizes or another CRC in its header"},
    {"stream longer", CENTRAL, 0, 20, 4, 4000000, "does not fit in before"},
    {"size", CENTRAL, 0, 24, 4, 5001, "other sizes or another CRC in its header"},
    {"size of zip64", CENTRAL, 0, 24, 4, 0xFFFFFFFF, "no zip64 extra field"},
    {"name shorter", CENTRAL, 3, 28, 2, 7, "behind the last entry of the directory"},
    {"name longer", CENTRAL, 3, 28, 2, 9, "longer than the directory"},
    {"empty name", CENTRAL, 3, 28, 2, 0, "\"\" is empty"},
    {"extra field beyond", CENTRAL, 3, 30, 2, 60000, "longer than the directory"},
    {"comment beyond", CENTRAL, 3, 32, 2, 1, "longer than the directory"},
    {"entry's disk", CENTRAL, 1, 34, 2, 1, "is on another disk"},
    {"device", CENTRAL, 1, 38, 4, 0020644u << 16, "neither a file nor a folder nor a symlink"},
    {"FIFO", CENTRAL, 1, 38, 4, 0010644u << 16, "neither a file nor a folder nor a symlink"},
    {"folder by mode", CENTRAL, 1, 38, 4, 0040755u << 16, "but not by both"},
    {"folder by name", CENTRAL, 2, 38, 4, 0100644u << 16, "but not by both"},
    {"symlink with a slash", CENTRAL, 2, 38, 4, 0120777u << 16, "but not by both"},
    {"not readable", CENTRAL, 1, 38, 4, 0100600u << 16, "not everybody may read it"},
    {"executed by some", CENTRAL, 1, 38, 4, 0100744u << 16, "not everybody may execute it"},
    {"executed by no owner", CENTRAL, 1, 38, 4, 0100655u << 16, "not everybody may execute it"},
    {"entered by some", CENTRAL, 2, 38, 4, 0040754u << 16, "not everybody may execute it"},
    {"entered by none", CENTRAL, 2, 38, 4, 0040644u << 16, "not everybody may execute it"},
    {"setuid", CENTRAL, 1, 38, 4, 0104755u << 16, "a setuid, setgid or sticky bit"},
    {"sticky", CENTRAL, 2, 38, 4, 0041777u << 16, "a setuid, setgid or sticky bit"},
    {"mode of DOS", CENTRAL, 1, 5, 1, 0, "by a system that has none"},
    {"mode of OS/2", CENTRAL, 1, 5, 1, 6, "modes are not known"},
    {"version 9.9", CENTRAL, 1, 6, 2, 99, "needs a version"},
    {"version 256", CENTRAL, 1, 6, 2, 0x0100, "needs a version"},
    {"local version 9.9", LOCAL, 1, 4, 2, 99, "needs a version"},
    {"offset 1", CENTRAL, 0, 42, 4, 1, "bytes before the first entry"},
    {"same offset", CENTRAL, 1, 42, 4, 0, "does not fit in before"},
    {"offset behind the entries", CENTRAL, 3, 42, 4, 0xFFFFFF, "is said to begin at 16777215, behind"},
    {"local signature", LOCAL, 1, 0, 4, 0, "\"data\" has no header"},
    {"local flags", LOCAL, 1, 6, 2, 8, "other flags"},
    {"local method", LOCAL, 1, 8, 2, 8, "another method"},
    {"local date", LOCAL, 1, 12, 2, 7, "another time"},
    {"local CRC", LOCAL, 1, 14, 4, 7, "another CRC"},
    {"local stream", LOCAL, 1, 18, 4, 8, "other sizes"},
    {"local size", LOCAL, 1, 22, 4, 8, "other sizes"},
    {"local name shorter", LOCAL, 1, 26, 2, 3, "another name"},
    {"local extra field", LOCAL, 1, 28, 2, 4, "has an extra field that is cut off"},
    {"other name", LOCAL, 1, 30, 1, 'D', "another name"},
    {"content", LOCAL, 1, 34, 1, 'x', "another CRC than the directory says"},
    {"stream", LOCAL, 0, 38, 1, 0xFF, "cannot be inflated"},
    {"link out", LOCAL, 3, 38, 7, 0x612f2e2e2f2e2e, "another CRC than the directory says"},
};

static void test_fields(void)
{
    struct package package;
    struct shared_slice zip = make_zip(&package);
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        CHECK_ROW(fields[i].name);
        char *bytes = shared_arena_copy(&arena, zip);
        size_t at = offset_of(zip, fields[i].part, fields[i].entry) + fields[i].offset;
        for (int k = 0; k < fields[i].bytes; k++)
            bytes[at + (size_t)k] = (char)(fields[i].value >> 8 * k);
        CHECK_NUMBER(verify_bytes(bytes, zip.size_bytes), SHARED_EPROTO);
        CHECK_MESSAGE(&err, fields[i].message);
        unsigned long long byte = 0;
        const char *where = strstr(err.text, "byte ");
        CHECK(where && sscanf(where, "byte %llu", &byte) == 1 && byte <= zip.size_bytes);
    }
}

static void test_cut_and_more(void)
{
    struct package package;
    struct shared_slice zip = make_zip(&package);
    char *bytes = shared_arena_alloc(&arena, zip.size_bytes + 2);
    for (size_t size = 0; size < zip.size_bytes; size++)
        CHECK_NUMBER(verify_bytes(zip.data, size), SHARED_EPROTO);
    memcpy(bytes + 1, zip.data, zip.size_bytes);
    bytes[0] = 'x';
    bytes[zip.size_bytes + 1] = 'x';
    CHECK_NUMBER(verify_bytes(bytes, zip.size_bytes + 1), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "not where its end says");
    CHECK_NUMBER(verify_bytes(bytes + 1, zip.size_bytes + 1), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "something is behind its end");
}

/* Whatever byte is another one: either it is told, or nothing that counts is different. */
static void test_each_byte(void)
{
    struct package package;
    struct shared_slice zip = make_zip(&package);
    CHECK_NUMBER(verify_bytes(zip.data, zip.size_bytes), 0);
    const struct lock_zip good = verified.zip;
    char *bytes = shared_arena_copy(&arena, zip);
    size_t unnoticed = 0;
    for (size_t i = 0; i < zip.size_bytes; i++) {
        bytes[i] ^= 0x10;
        if (verify_bytes(bytes, zip.size_bytes) == 0) {
            CHECK(strcmp(verified.zip.sha256, good.sha256) != 0);
            unnoticed += memcmp(&verified.zip.content, &good.content, sizeof(good.content)) == 0;
        }
        bytes[i] ^= 0x10;
    }
    /* Versions, internal attributes, DOS attributes, permissions that nobody asks for. */
    CHECK(unnoticed <= 4 * (2 + 2 + 2 + 2 + 4 + 2));
}

/* What no field of a good zip can be changed into. */
static const struct {
    const char *name, *python, *message;
} made[] = {
    {"twice", "w('a', 'x'); w('a', 'y')", "\"a\" is in it twice"},
    {"case", "w('a', 'x'); w('A', 'y')", "differ only in case"},
    {"below a file", "w('a', 'x'); w('a/b', 'y')", "lies below \"a\""},
    {"absolute", "z.writestr('/etc/passwd', 'x')", "is absolute"},
    {"up", "z.writestr('a/../../b', 'x')", "has a part \".\" or \"..\""},
    {"backslash", "w('a' + chr(92) + 'b', 'x')", "has a backslash"},
    {"Unicode path",
     "i = zipfile.ZipInfo('a'); i.extra = bytes.fromhex('75700700') + b'\\1....bc'; z.writestr(i, 'x')",
     "an extra field with another name or mode"},
    {"newline", "z.writestr('a\\nb', 'x')", "has a control character"},
    {"long name", "z.writestr('n' * 4097, 'x')", "longer than 4,096 bytes"},
    {"link out", "i = zipfile.ZipInfo('l'); i.external_attr = 0o120777 << 16; z.writestr(i, '../x')",
     "leads out of the package"},
    {"link in a circle", "i = zipfile.ZipInfo('l'); i.external_attr = 0o120777 << 16; z.writestr(i, 'l')",
     "round in a circle"},
    {"empty link", "i = zipfile.ZipInfo('l'); i.external_attr = 0o120777 << 16; z.writestr(i, '')",
     "is a symlink to nowhere"},
    {"long link", "i = zipfile.ZipInfo('l'); i.external_attr = 0o120777 << 16; z.writestr(i, 'x' * 5000)",
     "is a symlink to nowhere, or to a path of more than 4,096 bytes"},
    {"bzip2", "z.writestr('a', 'x' * 999, zipfile.ZIP_BZIP2)", "a method other than"},
    {"comment", "z.writestr('a', 'x'); z.comment = b'PK'", "something is behind its end"},
};

static void test_made(void)
{
    for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
        CHECK_ROW(made[i].name);
        const char *command = shared_arena_format(
            &arena,
            "python3 -W ignore -c \"import zipfile\nz = zipfile.ZipFile('made.zip', 'w')\n"
            "def w(name, text):\n    i = zipfile.ZipInfo(name)\n    i.external_attr = 0o100644 << 16\n"
            "    z.writestr(i, text)\n%s\nz.close()\"",
            made[i].python);
        SCRATCH_NEED(system(command) == 0);
        CHECK_NUMBER(zip_verify("made.zip", &arena, &verified, &err), SHARED_EPROTO);
        CHECK_MESSAGE(&err, made[i].message);
    }
}

/* The same contents by other tools: sizes that follow streams, folders of their own, extra fields, zip64 for small ones. */
static void test_other_writers(void)
{
    static const char *const commands[] = {
        "cd tree && zip -q -9 -r ../other.zip .",
        "cd tree && zip -q -0 -X -r - . | cat > ../other.zip",
        "cd tree && 7z a -tzip -bso0 ../other.zip bin data empty",
        "cd tree && bsdtar -c --format zip -f ../other.zip bin data empty",
        "cd tree && python3 -c \"import zipfile, os, sys\n"
        "with zipfile.ZipFile('../other.zip', 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "    for path, folders, names in os.walk('.'):\n"
        "        if not folders and not names: z.write(path)\n"
        "        for n in names:\n"
        "            i = zipfile.ZipInfo.from_file(os.path.join(path, n))\n"
        "            with z.open(i, 'w', force_zip64=True) as out: out.write(open(os.path.join(path, n), "
        "'rb').read())\"",
        "cd tree && python3 -c \"import zipfile, os, sys\n"
        "with zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as z:\n"
        "    z.write('bin/tool'); z.write('data'); z.write('empty')\" | cat > ../other.zip",
    };
    struct package package;
    struct hash digest;
    make_zip(&package);
    package.count = 3; /* 7z follows symlinks */
    CHECK_NUMBER(zip_package_digest(&package, &digest, &err), 0);
    SCRATCH_NEED(system("mkdir -p tree/bin tree/empty && cp text tree/bin/tool && cp short tree/data && "
                        "chmod 755 tree/bin/tool && chmod 644 tree/data") == 0);
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        CHECK_ROW(commands[i]);
        unlink("other.zip");
        SCRATCH_NEED(system(commands[i]) == 0);
        if (!CHECK_NUMBER(zip_verify("other.zip", &arena, &verified, &err), 0))
            fprintf(stderr, "    %s\n", err.text);
        CHECK(memcmp(&digest, &verified.zip.content, sizeof(digest)) == 0);
    }
}

/* A gigabyte in a megabyte, which claims to be 10 bytes. */
static void test_bomb(void)
{
    SCRATCH_NEED(system("python3 -c \"import zipfile\n"
                        "with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as z:\n"
                        "    i = zipfile.ZipInfo('a'); i.external_attr = 0o100644 << 16; z.writestr(i, "
                        "bytes(100000000), 8)\n"
                        "d = bytearray(open('bomb.zip', 'rb').read())\n"
                        "c = d.rfind(b'PK\\\\1\\\\2')\n"
                        "d[22:26] = d[c + 24:c + 28] = (10).to_bytes(4, 'little')\n"
                        "open('bomb.zip', 'wb').write(d)\"") == 0);
    CHECK_NUMBER(zip_verify("bomb.zip", &arena, &verified, &err), SHARED_EPROTO);
    CHECK_MESSAGE(&err, "\"a\" holds more than the directory says");
}

/* A hole of 4 GiB as a stored file, with what APPNOTE 4.5.3 has for its sizes, and for the offset of what follows. */
static void test_large(void)
{
    static const char script[] =
        "import struct, sys\n"
        "hole = 2**32 + 10\n"
        "def common(extra, sizes, name):\n"
        "    return struct.pack('<HHHHHIIIHH', 45, 0, 0, 0, 33, 7, *sizes, len(name), len(extra))\n"
        "big = struct.pack('<HHQQ', 1, 16, hole, hole)\n"
        "far = struct.pack('<HHQ', 1, 8, 31 + len(big) + hole)\n"
        "with open('large.zip', 'wb') as z:\n"
        "    z.write(b'PK\\3\\4' + common(big, (2**32 - 1, 2**32 - 1), b'a') + b'a' + big)\n"
        "    z.seek(hole, 1)\n"
        "    z.write(b'PK\\3\\4' + common(b'', (1, 1), b'b') + b'bx')\n"
        "    start = z.tell()\n"
        "    for extra, sizes, name, offset in (big, (2**32 - 1,) * 2, b'a', 0), (far, (1, 1), b'b', 2**32 - "
        "1):\n"
        "        z.write(b'PK\\1\\2\\x3f\\3' + common(extra, sizes, name) +\n"
        "                struct.pack('<HHHII', 0, 0, 0, 0o100644 << 16, offset) + name + extra)\n"
        "    end = z.tell()\n"
        "    z.write(struct.pack('<IQHHIIQQQQ', 0x06064b50, 44, 45, 45, 0, 0, 2, 2, end - start, start))\n"
        "    z.write(struct.pack('<IIQI', 0x07064b50, 0, end, 1))\n"
        "    z.write(struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, 2, 2, end - start, 2**32 - 1, 0))\n";
    const uint64_t hole = (UINT64_C(1) << 32) + 10;
    struct zip_directory directory;
    struct zip_scan scan;
    struct stat st;
    scratch_file("large.py", script);
    SCRATCH_NEED(system("python3 large.py") == 0 && stat("large.zip", &st) == 0);
    const struct zip_file file = {open("large.zip", O_RDONLY | O_CLOEXEC), (uint64_t)st.st_size, "large.zip"};
    SCRATCH_NEED(file.fd >= 0 && zip_scan_open(&scan, &file, &err) == 0);
    if (!CHECK_NUMBER(zip_directory_read(&file, &arena, &directory, &err), 0))
        fprintf(stderr, "    %s\n", err.text);
    CHECK_NUMBER(directory.count, 2);
    CHECK_NUMBER(directory.unzipped_bytes, hole + 1);
    CHECK_NUMBER(directory.items[0].stream_bytes, hole);
    CHECK_NUMBER(directory.items[1].offset, 30 + 1 + 20 + hole);
    CHECK_NUMBER(zip_scan_item(&scan, &directory.items[0], &err), 0);
    zip_scan_close(&scan);
    close(file.fd);
}

static void test_files(void)
{
    CHECK_NUMBER(zip_verify("no-such.zip", &arena, &verified, &err), SHARED_EIO);
    CHECK_MESSAGE(&err, "open no-such.zip: No such file");
    scratch_folder("folder.zip");
    CHECK_NUMBER(zip_verify("folder.zip", &arena, &verified, &err), SHARED_EIO);
    SCRATCH_NEED(mkfifo("fifo.zip", 0666) == 0);
    CHECK_NUMBER(zip_verify("fifo.zip", &arena, &verified, &err), SHARED_EIO);
    scratch_file("text.zip", "This is no zip, but it is longer than the end of one.\n");
    CHECK_NUMBER(zip_verify("text.zip", &arena, &verified, &err), SHARED_EPROTO);
    /* No entries: no package, but a zip. */
    scratch_bytes("none.zip", "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    CHECK_NUMBER(zip_verify("none.zip", &arena, &verified, &err), 0);
    CHECK_NUMBER(verified.package.count, 0);
}

int main(void)
{
    const char *folder = scratch_enter();
    CHECK_RUN(test_good);
    CHECK_RUN(test_fields);
    CHECK_RUN(test_cut_and_more);
    CHECK_RUN(test_each_byte);
    CHECK_RUN(test_made);
    CHECK_RUN(test_other_writers);
    CHECK_RUN(test_bomb);
    CHECK_RUN(test_large);
    CHECK_RUN(test_files);
    shared_arena_clean_up(&arena);
    scratch_leave(folder);
    return check_report();
}
