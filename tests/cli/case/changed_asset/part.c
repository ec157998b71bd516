#include "part.h"

int part_number(void)
{
    return PART;
}
