/*
 * Schedules: EventBridge user guide, "Rate expressions reference" and "Cron expressions reference"; EventBridge Scheduler
 * user guide, "Schedule types" (2025). Fields are separated by blanks.
 */
#include "manifest/manifest_name.h"

#include <shared/slice.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define SCHEDULE_BYTES 256 /* Scheduler API reference, CreateSchedule, ScheduleExpression */
#define CRON_FIELDS 6

static const char *const months[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL",
                                     "AUG", "SEP", "OCT", "NOV", "DEC", NULL};
static const char *const week_days[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", NULL};

struct cron_field {
    const char *why; /* it is refused */
    unsigned least, most;
    const char *const *names; /* of least and those after it */
    bool any_day;             /* takes "?" */
};

#define CRON_HELP ", as in \"cron(0/5 8-18 ? * MON-FRI *)\""
static const struct cron_field cron_fields[CRON_FIELDS] = {
    {"its minutes must be 0 to 59, with * , - and /" CRON_HELP, 0, 59, NULL, false},
    {"its hours must be 0 to 23, with * , - and /" CRON_HELP, 0, 23, NULL, false},
    {"its day of the month must be 1 to 31, with * , - / ? L and W" CRON_HELP, 1, 31, NULL, true},
    {"its month must be 1 to 12 or JAN to DEC, with * , - and /" CRON_HELP, 1, 12, months, false},
    {"its day of the week must be 1 to 7 or SUN to SAT, with * , - / ? L and #" CRON_HELP, 1, 7, week_days,
     true},
    {"its year must be 1970 to 2199, with * , - and /" CRON_HELP, 1970, 2199, NULL, false},
};
enum { DAY_OF_MONTH = 2, DAY_OF_WEEK = 4 };

static struct shared_slice next_field(struct shared_slice *text)
{
    while (text->size_bytes > 0 && *text->data == ' ')
        *text = shared_slice_of(text->data + 1, text->size_bytes - 1);
    return shared_slice_split(text, ' ');
}

static bool is_text(struct shared_slice slice, const char *text)
{
    return shared_slice_equal(slice, shared_slice_from_text(text));
}

/* Digits, or a name; takes it from the text. */
static bool take_value(struct shared_slice *text, const struct cron_field *field)
{
    size_t size = 0;
    unsigned long long value;
    while (size < text->size_bytes && text->data[size] >= '0' && text->data[size] <= '9')
        size++;
    bool good = size > 0 && shared_slice_to_number(shared_slice_of(text->data, size), field->most, &value) &&
                value >= field->least;
    for (size_t i = 0; size == 0 && field->names && field->names[i] && text->size_bytes >= 3; i++)
        if (strncasecmp(text->data, field->names[i], 3) == 0) {
            size = 3;
            good = true;
        }
    *text = shared_slice_of(text->data + size, text->size_bytes - size);
    return good;
}

static bool take_character(struct shared_slice *text, char character)
{
    if (text->size_bytes == 0 || *text->data != character)
        return false;
    *text = shared_slice_of(text->data + 1, text->size_bytes - 1);
    return true;
}

/* "5W", "L", "LW" of a day of the month; "6L", "L", "6#3" of one of the week. */
static bool is_special(struct shared_slice item, size_t index)
{
    static const struct cron_field weeks = {NULL, 1, 5, NULL, false};
    if (index == DAY_OF_MONTH && (is_text(item, "L") || is_text(item, "LW")))
        return true;
    if (index == DAY_OF_WEEK && is_text(item, "L"))
        return true;
    if ((index != DAY_OF_MONTH && index != DAY_OF_WEEK) || !take_value(&item, &cron_fields[index]))
        return false;
    if (index == DAY_OF_MONTH)
        return is_text(item, "W");
    return is_text(item, "L") ||
           (take_character(&item, '#') && take_value(&item, &weeks) && item.size_bytes == 0);
}

/* "*", "5", "5-10", each with "/2" behind it or not. */
static bool is_range(struct shared_slice item, const struct cron_field *field)
{
    const struct cron_field step = {NULL, 1, field->most, NULL, false};
    if (!take_character(&item, '*')) {
        if (!take_value(&item, field))
            return false;
        if (take_character(&item, '-') && !take_value(&item, field))
            return false;
    }
    if (take_character(&item, '/') && !take_value(&item, &step))
        return false;
    return item.size_bytes == 0;
}

static bool is_field(struct shared_slice text, size_t index)
{
    const struct cron_field *field = &cron_fields[index];
    if (is_text(text, "?"))
        return field->any_day;
    if (text.size_bytes == 0 || text.data[text.size_bytes - 1] == ',')
        return false;
    while (text.size_bytes > 0) {
        struct shared_slice item = shared_slice_split(&text, ',');
        if (!is_range(item, field) && !is_special(item, index))
            return false;
    }
    return true;
}

static const char *refuse_cron(struct shared_slice text)
{
    static const char six_fields[] =
        "must have six fields: minutes, hours, day of the month, month, day of the week, year" CRON_HELP;
    bool any[CRON_FIELDS] = {false};
    for (size_t i = 0; i < CRON_FIELDS; i++) {
        struct shared_slice field = next_field(&text);
        if (field.size_bytes == 0)
            return six_fields;
        if (!is_field(field, i))
            return cron_fields[i].why;
        any[i] = is_text(field, "?");
    }
    if (next_field(&text).size_bytes > 0)
        return six_fields;
    return any[DAY_OF_MONTH] != any[DAY_OF_WEEK] ? NULL
                                                 : "must have \"?\" for the day of the month or for that of "
                                                   "the week, and not for both" CRON_HELP;
}

static const char *refuse_rate(struct shared_slice text)
{
    static const char *const units[] = {"minute", "hour", "day"};
    static const char why[] =
        "must be a rate of minutes, hours or days, as \"rate(1 minute)\" or \"rate(5 minutes)\"";
    unsigned long long value;
    struct shared_slice number = next_field(&text), unit = next_field(&text);
    if (!shared_slice_to_number(number, 1000000000, &value) || value == 0 || next_field(&text).size_bytes > 0)
        return why;
    bool plural = unit.size_bytes > 0 && unit.data[unit.size_bytes - 1] == 's';
    const struct shared_slice one = shared_slice_of(unit.data, unit.size_bytes - plural);
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        if (!is_text(one, units[i]))
            continue;
        return plural == (value > 1) ? NULL
               : plural              ? "its unit must be in the singular: 1 minute, 1 hour, 1 day"
                                     : "its unit must be in the plural: minutes, hours, days";
    }
    return why;
}

const char *refuse_schedule(const char *text)
{
    size_t size = strlen(text);
    bool rate = strncmp(text, "rate(", 5) == 0;
    if ((!rate && strncmp(text, "cron(", 5) != 0) || size < 7 || text[size - 1] != ')' ||
        size > SCHEDULE_BYTES)
        return "must be a schedule, as \"rate(5 minutes)\" or \"cron(0/5 8-18 ? * MON-FRI *)\"";
    const struct shared_slice inner = {text + 5, size - 6};
    return rate ? refuse_rate(inner) : refuse_cron(inner);
}
