#include "base/percent.h"

bool shared_percent_decode(char *text)
{
    return shared_percent_decode_with(text, '+');
}
