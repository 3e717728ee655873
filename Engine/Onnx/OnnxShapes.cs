using System.Numerics;

namespace Engine;

/// <summary>The nodes that move elements and change shapes.</summary>
internal static class OnnxShapes
{
    extension(OnnxGraph graph)
    {
        /// <summary>The value in another shape: an extent of 0 is the input's in this place, one of −1 is what remains.</summary>
        public string Reshape(string x, params ReadOnlySpan<long> extents) => graph.Add("Reshape", [x, graph.Integers(extents)]);

        /// <summary>The value with its axes in another order.</summary>
        public string Transpose(string x, params long[] order) => graph.Add("Transpose", [x], new OnnxAttribute("perm", order));

        /// <summary>The axes from one on merged into one; one of extent 1 is added if there are none.</summary>
        public string Flatten(string x, int start, in Shape shape) => start == shape.Rank
            ? graph.Add("Unsqueeze", [x, graph.Integers(start)])
            : graph.Reshape(x, [.. Enumerable.Repeat(0L, start), -1]);

        /// <summary>The value in a shape of an example, whatever the batch.</summary>
        public string ReshapeExamples(string x, in Shape shape) =>
            graph.Reshape(x, [0, .. shape.ToArray().Skip(1).Select(static extent => (long)extent)]);

        /// <summary>A parameter of [channels] or [1], with axes of extent 1 behind it, so that it is broadcast along axis 1.</summary>
        /// <param name="parameter">One number for each channel.</param>
        /// <param name="rank">The number of axes of what it meets, at least 2 if there are several channels.</param>
        public string PerChannel<T>(Parameter<T> parameter, int rank) where T : unmanaged, IFloatingPointIeee754<T>
        {
            string constant = graph.Constant(parameter);
            return parameter.Shape.Length == 1 || rank == 2
                ? constant
                : graph.Add("Unsqueeze", [constant, graph.Integers([.. Enumerable.Range(1, rank - 2).Select(static axis => (long)axis)])]);
        }
    }
}
