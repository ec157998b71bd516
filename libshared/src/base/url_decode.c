#include "base/url_decode.h"

#include "base/percent.h"

bool shared_url_decode(char *text)
{
    return shared_percent_decode_with(text, ' ');
}
