/* cleanup.h - what is released when a scope ends, so that an early return is always right. */
#ifndef PACKER_CLEANUP_H
#define PACKER_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void close_file(FILE **file)
{
    if (*file)
        fclose(*file);
}

static inline void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static inline void free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

#define CLEANUP(function) __attribute__((cleanup(function)))
#define CLEANUP_FD CLEANUP(close_fd)         /* int; -1 is none */
#define CLEANUP_FILE CLEANUP(close_file)     /* FILE * */
#define CLEANUP_FOLDER CLEANUP(close_folder) /* DIR * */
#define CLEANUP_FREE CLEANUP(free_pointer)   /* any pointer from malloc */

#endif
