package dev.ondine.server.http;

/** The endpoints of one API. */
@FunctionalInterface
public interface EndpointGroup {

    /** Adds its routes. */
    void addTo(RouteTable routes);
}
