using Engine;

namespace Examples.Mnist;

/// <summary>A network for images of one channel.</summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Name">Its name in the table and the picture.</param>
/// <param name="Epochs">The passes over the training images, unless the command line has another number.</param>
/// <param name="Style">Its look in the picture.</param>
/// <param name="Create">Creates it for images of a height and a width, a number of classes, and a key of the weights.</param>
internal sealed record MnistNetwork(
    string Key, string Name, int Epochs, int Style, Func<int, int, int, RandomKey, Sequential<float>> Create)
{
    /// <summary>The networks.</summary>
    public static IReadOnlyList<MnistNetwork> All { get; } =
    [
        new("dense", "dense 512-256", 10, 0, Dense),
        new("convolutional", "convolutional 16-32-128", 5, 1, Convolutional),
    ];

    private static Sequential<float> Dense(int height, int width, int classes, RandomKey key) => new(
        new Flatten<float>(),
        new Linear<float>(height * width, 512, key.Fold(0)),
        new Relu<float>(),
        new Dropout<float>(0.2, key.Fold("first dropout")),
        new Linear<float>(512, 256, key.Fold(1)),
        new Relu<float>(),
        new Dropout<float>(0.2, key.Fold("second dropout")),
        new Linear<float>(256, classes, key.Fold(2)));

    private static Sequential<float> Convolutional(int height, int width, int classes, RandomKey key) => new(
        new Lambda<float>(x => x.Reshape(x.Shape[0], 1, x.Shape[1], x.Shape[2]), "one channel"),
        new Conv2d<float>(1, 16, 3, key.Fold(0), padding: 1),
        new Relu<float>(),
        new MaxPool2d<float>(2),
        new Conv2d<float>(16, 32, 3, key.Fold(1), padding: 1),
        new Relu<float>(),
        new MaxPool2d<float>(2),
        new Flatten<float>(),
        new Linear<float>(32 * (height / 4) * (width / 4), 128, key.Fold(2)),
        new Relu<float>(),
        new Dropout<float>(0.3, key.Fold("dropout")),
        new Linear<float>(128, classes, key.Fold(3)));
}
