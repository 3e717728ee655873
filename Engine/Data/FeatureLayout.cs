namespace Engine;

/// <summary>Where the features of a tensor are: element (example·<see cref="Features"/> + feature)·<see cref="Inner"/> + i.</summary>
/// <param name="Examples">The extent of axis 0.</param>
/// <param name="Features">The extent of axis 1, or 1 if there is none.</param>
/// <param name="Inner">The number of elements of a feature of one example.</param>
internal readonly record struct FeatureLayout(int Examples, int Features, int Inner)
{
    /// <summary>The layout of a shape.</summary>
    /// <exception cref="ArgumentException">It has no axis, or no elements.</exception>
    public static FeatureLayout Of(in Shape shape, string operation) => shape.Rank > 0 && shape.Length > 0
        ? new(shape[0], shape.Rank > 1 ? shape[1] : 1, shape.ElementCount(2, shape.Rank))
        : throw new ArgumentException(
            $"{operation}: got the shape {shape}, expected [n, features, …] with at least one element.", "values");

    /// <summary>The feature of an element.</summary>
    public int FeatureOf(int element) => element / Inner % Features;
}
