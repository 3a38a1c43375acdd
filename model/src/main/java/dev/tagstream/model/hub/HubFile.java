package dev.tagstream.model.hub;

/**
 * A file as the hub's record has it.
 *
 * @param path inside the repository
 * @param size in bytes
 * @param digest what its content hashes to
 */
record HubFile(String path, long size, Digest digest) {

  /** How the hub identifies content. */
  enum Algorithm {
    /** Of the content; the hub has it for large files. */
    SHA256,
    /** Git's: SHA-1 of {@code blob SIZE\0} and the content; for files kept in git itself. */
    GIT_BLOB
  }

  /**
   * A hash in lower-case hexadecimal digits.
   *
   * @param hex 64 digits for SHA-256, 40 for git's
   */
  record Digest(Algorithm algorithm, String hex) {}
}
