int main(void)
{
    int nobody_reads_this;
    return 0;
}
