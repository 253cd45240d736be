import { analyse, USAGE } from './analysis';
import { runCommand } from './cli';

void runCommand('analyse', USAGE, analyse);
