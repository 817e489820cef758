// Why a form cannot be shown: a stable code for the page's own code, words for the console.

/** `code` is that of the API's answer, or `network_error` or `internal`. */
export class Failure extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
    this.detail = detail;
  }

  static from(error) {
    return error instanceof Failure ? error : new Failure("internal", String(error));
  }
}
