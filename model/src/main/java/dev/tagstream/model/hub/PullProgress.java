package dev.tagstream.model.hub;

/** Told how a pull gets on, by the pulling thread. */
public interface PullProgress {

  /** Another process is pulling the same model; this one waits for it. */
  void waiting();

  /** What will be fetched: the commit, so many files, so many bytes that are not here yet. */
  void planned(String commit, int files, long bytes);

  /** So many of the file's bytes are here. */
  void at(String file, long bytes, long size);

  /** What was resumed turned out wrong; the file starts over. */
  void restarted(String file);

  /** Tells nobody. */
  static PullProgress silent() {
    return new PullProgress() {
      @Override
      public void waiting() {}

      @Override
      public void planned(String commit, int files, long bytes) {}

      @Override
      public void at(String file, long bytes, long size) {}

      @Override
      public void restarted(String file) {}
    };
  }
}
