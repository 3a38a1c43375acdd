package dev.tagstream.topology.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Signals that the operating system sends to this process. The JDK has a class for them, exported
 * by the module jdk.unsupported, which its compiler warns of whoever names it; hence by reflection.
 */
final class ProcessSignals {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private ProcessSignals() {}

  /**
   * Runs the action, on a thread of its own, at each signal of the name. A signal that was ignored
   * when the process began, as by nohup, stays so.
   *
   * @param name without SIG, such as TERM
   * @return what handled it before, for {@link #restore}
   */
  static Object handle(String name, Runnable action) {
    try {
      Class<?> handler = Class.forName(HANDLER);
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return method.invoke(action, arguments);
              });
      return restore(name, ours);
    } catch (ClassNotFoundException e) {
      throw unavailable(e);
    }
  }

  /** Lets a handler of before handle the signal again. */
  static Object restore(String name, Object handler) {
    try {
      return Class.forName(SIGNAL)
          .getMethod("handle", Class.forName(SIGNAL), Class.forName(HANDLER))
          .invoke(null, signal(name), handler);
    } catch (ReflectiveOperationException e) {
      throw unavailable(e);
    }
  }

  /** Sends the signal to this process. */
  static void raise(String name) {
    try {
      Class.forName(SIGNAL).getMethod("raise", Class.forName(SIGNAL)).invoke(null, signal(name));
    } catch (ReflectiveOperationException e) {
      throw unavailable(e);
    }
  }

  private static Object signal(String name) throws ReflectiveOperationException {
    return Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
  }

  private static IllegalStateException unavailable(ReflectiveOperationException e) {
    Throwable reason = e instanceof InvocationTargetException ? e.getCause() : e;
    return new IllegalStateException("This JVM does not let signals be handled: " + reason, e);
  }
}
