package dev.tagstream.model.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A pull in a process of its own; says on its output when it waits and when it is done. */
final class PullingProcess {

  private PullingProcess() {}

  static Process start(String hub, Path store) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            PullingProcess.class.getName(),
            hub,
            store.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] arguments) {
    PullProgress progress =
        new PullProgress() {
          @Override
          public void waiting() {
            System.out.println("waiting");
          }

          @Override
          public void planned(String commit, int files, long bytes) {}

          @Override
          public void at(String file, long bytes, long size) {}

          @Override
          public void restarted(String file) {}
        };
    StoredModel model =
        new ModelStore(Path.of(arguments[1]))
            .pull(
                ModelReference.parse(FakeHub.REPOSITORY),
                HubOptions.of(arguments[0], Optional.empty()),
                progress);
    System.out.println("pulled " + model.lock().revision());
  }
}
