/** Ways to write /launch in a request: each is refused to everybody outside. */
export const launchPaths: readonly string[] = [
    ...["/launch", "//launch", "/Launch", "/launch/", "/launch//", "/%6caunch", "/%4C%41unch", "/./launch"],
    ...["/ad/../launch", "/launch?a=b", "/launch/.", "/launch/x", "/launch%2f", "/%2flaunch", "/.//%6Caunch/"],
];
