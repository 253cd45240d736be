import { USAGE } from './analyseOptions';
import { analyse } from './analysis';
import { runCommand } from './cli';

void runCommand('analyse', USAGE, analyse);
