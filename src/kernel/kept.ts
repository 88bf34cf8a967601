/**
 * The name under which what is counted from the students' register is kept: how many are here, in each class, without a
 * phone. Whoever writes a student, a guardian or a tie between them announces it.
 */
export const REGISTER = 'students.register';
