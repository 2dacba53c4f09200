/* Put before a program of the tests, which is too short to measure: runs it TIMES times. */
int program(void);

int main(void)
{
    for (int i = 0; i < TIMES; i++)
        if (program() != 0)
            return 1;
    return 0;
}

#define main program
