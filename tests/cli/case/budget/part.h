#define PART 2

int part_number(int i);
