/** The text of status.html, which the build puts into the bundle. */
declare const text: string;
export default text;
