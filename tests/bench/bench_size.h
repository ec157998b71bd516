/* bench_size.h - how large a program is, as it is and packed. */
#ifndef BENCH_SIZE_H
#define BENCH_SIZE_H

/* The size of a file in bytes. */
long bench_size_file(const char *path);

/* The size of a zip that holds the file alone, as "bootstrap", deflated at level 9, without extra fields. */
long bench_size_zip(const char *path);

#endif
