package dev.tagstream.model.hub;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name service whose answers change; what it was not told of has to be an address already. */
final class Names implements Network.Resolver {
  private final Map<String, List<List<String>>> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** From now on the host has these addresses. */
  Names is(String host, String... addresses) {
    answers.put(host, List.of(List.of(addresses)));
    return this;
  }

  /** The host has the one address when it is asked for next, and the other ever after. */
  Names turnsFrom(String host, String first, String later) {
    answers.put(host, List.of(List.of(first), List.of(later)));
    return this;
  }

  /** How often a name was asked for. */
  long asked(String host) {
    return asked.stream().filter(host::equals).count();
  }

  Network network(Duration silence) {
    Network here = Network.ofThisMachine(silence);
    return new Network(this, here.tls(), here.proxies(), silence);
  }

  @Override
  public InetAddress[] addresses(String host) throws UnknownHostException {
    asked.add(host);
    List<List<String>> known = answers.get(host);
    if (known == null) {
      if (host.matches("\\[.*]|[0-9.]+")) {
        return InetAddress.getAllByName(host);
      }
      throw new UnknownHostException(host);
    }
    if (known.size() > 1) {
      answers.put(host, known.subList(1, known.size()));
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (String address : known.get(0)) {
      addresses.add(InetAddress.getByName(address));
    }
    return addresses.toArray(InetAddress[]::new);
  }
}
