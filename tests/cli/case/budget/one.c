#include "part.h"

int main(int argc, char **argv)
{
    (void)argv;
    return part_number(argc) - PART;
}
