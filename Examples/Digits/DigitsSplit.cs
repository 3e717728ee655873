using System.Numerics;
using Engine;

namespace Examples.Digits;

/// <summary>
/// The images as the studies divide them: always the same stratified parts, so that a seed changes the training alone. The pixels are
/// standardized by the training part: deep networks would make images that all have ink in the middle even more alike.
/// </summary>
internal static class DigitsSplit
{
    private const double TestFraction = 0.2;

    private static readonly RandomKey s_key = RandomKey.FromSeed(1).Fold("split");

    /// <summary>The training and the test images.</summary>
    public static DatasetSplit<float> Load()
    {
        (Dataset<float> train, Dataset<float> test) = DigitsData.Load().StratifiedSplit(TestFraction, s_key);
        Standardizer standardizer = Standardizer.Fit(train);
        return new(standardizer.Apply(train), standardizer.Apply(test));
    }

    /// <summary>The same images in the precision <typeparamref name="T"/>.</summary>
    public static DatasetSplit<T> Load<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        (Dataset<float> train, Dataset<float> test) = Load();
        return new(Convert<T>(train), Convert<T>(test));
    }

    private static Dataset<T> Convert<T>(Dataset<float> data) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] pixels = [.. data.Inputs.ToArray().Select(T.CreateTruncating)];
        return new Dataset<T>(Tensor<T>.From(pixels, data.Inputs.Shape), data.Labels);
    }
}
