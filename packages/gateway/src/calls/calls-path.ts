/** Of calls that have an address, below the prefix. No server's name begins with a dash. */
export const callsPath = "-/calls";
