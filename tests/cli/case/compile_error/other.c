int other(void)
{
    return nobody_declared_this;
}
