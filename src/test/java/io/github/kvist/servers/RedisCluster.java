// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Three Redis servers that share the slots, without replicas. */
public final class RedisCluster implements AutoCloseable {

    private static final int NODES = 3;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final List<RedisServer> nodes = new ArrayList<>();

    private RedisCluster() {}

    static RedisCluster start() {
        RedisCluster cluster = new RedisCluster();
        try {
            for (int i = 0; i < NODES; i++) {
                cluster.nodes.add(RedisServer.start("cluster-enabled yes", "cluster-node-timeout 2000"));
            }
            cluster.join();
            return cluster;
        } catch (Throwable failed) {
            cluster.close();
            throw failed;
        }
    }

    private void join() {
        Path client = Commands.find("redis-cli")
                .orElseThrow(() ->
                        Servers.missing("A cluster of Redis", "redis-cli is not installed; install redis-tools."));
        List<String> command = new ArrayList<>(List.of(client.toString(), "--cluster", "create"));
        nodes.forEach(node -> command.add(node.address()));
        command.add("--cluster-yes");
        Commands.run(command);
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!nodes.stream().allMatch(RedisCluster::isWhole)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The cluster was not whole in " + START_TIMEOUT + ".");
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static boolean isWhole(RedisServer node) {
        String info = node.ask("CLUSTER", "INFO");
        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + NODES);
    }

    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** For {@code Kvist.open}: a store of a name, without TLS. */
    public String uri(String prefix) {
        List<String> hosts = nodes.stream().map(Server::address).toList();
        return "redis://" + String.join(",", hosts) + "?cluster=true&prefix=" + prefix;
    }

    @Override
    public void close() {
        nodes.forEach(Server::close);
    }
}
