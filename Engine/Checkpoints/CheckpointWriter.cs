using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Engine;

/// <summary>Receives the state of one part: tensors, and numbers and texts as a JSON object.</summary>
internal sealed class CheckpointWriter(string part, Dictionary<string, TensorContent> tensors)
{
    /// <summary>The numbers and texts.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>Adds a tensor.</summary>
    public void Add<T>(string name, in Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T> =>
        tensors.Add($"{part}/{name}", TensorContent.Of(tensor));

    /// <summary>Adds tensors under a common name.</summary>
    public void Add<T>(string name, IReadOnlyDictionary<string, Tensor<T>> all) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach ((string key, Tensor<T> tensor) in all)
        {
            Add($"{name}/{key}", tensor);
        }
    }

    /// <summary>A number; JSON has no word for those that are not finite, which become texts.</summary>
    public static JsonNode Number(double number) =>
        double.IsFinite(number) ? number : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Numbers by name.</summary>
    public static JsonObject Numbers<TNumber>(IEnumerable<KeyValuePair<string, TNumber>> numbers, Func<TNumber, JsonNode> toNode) =>
        new(numbers.Select(number => KeyValuePair.Create(number.Key, (JsonNode?)toNode(number.Value))));
}
