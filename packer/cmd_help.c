#include "command.h"

#include <string.h>

static void general_help(FILE *out)
{
    fputs("Usage: demine SUBCOMMAND [OPTION]... [ARGUMENT]...\n\n"
          "Packs AWS Lambda functions written in C: each is linked with only the symbols it needs, held\n"
          "against the limits of AWS before anything is uploaded, and put into a zip whose bytes depend on\n"
          "its content alone.\n\n"
          "Subcommands:\n",
          out);
    for (const struct command *command = commands; command->name; command++)
        fprintf(out, "  %-11s %s\n", command->name, command->summary);
    fputs("\nOptions:\n"
          "  -h, --help     Show this help; after a subcommand, its own\n"
          "  -V, --version  Show the version\n\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage or manifest, 3 a limit is exceeded or a budget "
          "broken.\n\n"
          "Examples:\n"
          "  demine pack                      pack the functions of ./demine.json into ./dist\n"
          "  demine symbolize < catalog.log   say where the functions of ./dist crashed\n"
          "  demine size hello                where the bytes of hello are\n"
          "  demine why hello printf          why printf is in it\n"
          "  demine help pack                 all options of pack\n",
          out);
}

int cmd_help(int argc, char **argv)
{
    const struct command *command = commands;
    while (argc > 1 && command->name && strcmp(command->name, argv[1]) != 0)
        command++;
    if (!command->name && argv[1][0] != '-')
        return command_misused("help", "no subcommand \"%s\"", argv[1]);
    if (argc > 1 && command->name && command->help)
        command->help(stdout);
    else
        general_help(stdout);
    return EXIT_DONE;
}
