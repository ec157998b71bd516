/* package_shown.h - a path or a place as a message shows it. */
#ifndef PACKER_PACKAGE_SHOWN_H
#define PACKER_PACKAGE_SHOWN_H

struct package_shown {
    char text[64];
};

/*
 * A message has room for 240 bytes, a path may have 4,096: a long one loses its beginning, and what a
 * terminal would not show becomes "?". To be used within one expression: package_shown(path).text.
 */
struct package_shown package_shown(const char *path);

#endif
