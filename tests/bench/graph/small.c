/* small.c - a program to try the benchmark with. */
#include <stdio.h>

int main(int argc, char **argv)
{
    return printf("%d %s\n", argc, argv[0]) < 0;
}
