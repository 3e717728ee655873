using System.Numerics;
using Engine;

namespace Examples.Digits;

/// <summary>Multilayer networks for the digits.</summary>
internal static class DigitsNetwork
{
    /// <summary>Hidden layers of the same width, and a last layer for the classes.</summary>
    /// <param name="key">The key of the initial weights.</param>
    /// <param name="depth">The number of hidden layers.</param>
    /// <param name="width">The units of each.</param>
    /// <param name="follow">What follows a hidden layer's product, such as a normalization and an activation.</param>
    /// <param name="weights">The initial weights, with biases of 0; null for PyTorch's default.</param>
    public static Sequential<T> Create<T>(
        RandomKey key, int depth, int width, Func<int, IEnumerable<Layer<T>>> follow, Initializer? weights = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Initializer? biases = weights is null ? null : Initializers.Constant(0);
        List<Layer<T>> modules = [];
        for (int i = 0; i < depth; i++)
        {
            int inputs = i == 0 ? DigitsData.Pixels : width;
            modules.Add(new Linear<T>(inputs, width, key.Fold(i), weightInitializer: weights, biasInitializer: biases));
            modules.AddRange(follow(i));
        }
        modules.Add(new Linear<T>(width, DigitsData.Classes, key.Fold(depth), weightInitializer: weights, biasInitializer: biases));
        return new Sequential<T>([.. modules]);
    }
}
