/* Does nothing: what a program costs besides itself. */
int
main(void)
{
    return 0;
}
