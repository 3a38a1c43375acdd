package dev.tagstream.model.hub;

import java.util.List;

/**
 * What the hub says of one revision of a model.
 *
 * @param commit the revision's commit: 40 hexadecimal digits, so that what is fetched cannot change
 *     under way
 * @param files in the folder itself and below it
 */
record HubRecord(String commit, List<HubFile> files) {
  HubRecord {
    files = List.copyOf(files);
  }
}
