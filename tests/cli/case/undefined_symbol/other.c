int nobody_defines_this(void);

__attribute__((constructor)) static void other(void)
{
    nobody_defines_this();
}
